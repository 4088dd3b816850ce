package io.interplay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Java adds to the story: closing, threads, interrupts, memory, and wrong use. */
class ModelTest {
  private static final long[] USERS = {1, 1, 1, 2, 2, 3, 3, 3};
  private static final long[] ITEMS = {10, 20, 30, 10, 20, 10, 20, 40};
  private static final float[] RATINGS = {5, 1, 3, 4, 2, 5, 1, 4};

  private static Model biases() {
    return Popularity.builder().validationFraction(0).build().fit(USERS, ITEMS, RATINGS);
  }

  private static Model fitted(long epochs) {
    return AutoInt.builder().epochs(epochs).embeddingDim(4).attentionDim(4).validationFraction(0).build().fit(USERS, ITEMS, RATINGS);
  }

  private static void fails(Status status, String text, org.junit.jupiter.api.function.Executable call) {
    InterplayException e = assertThrows(InterplayException.class, call);
    assertEquals(status, e.status(), e.getMessage());
    assertTrue(e.getMessage().contains(text), e.getMessage());
  }

  private static Dataset dataset() {
    try (Table table = Table.builder().int64("user_id", USERS).int64("item_id", ITEMS).float32("rating", RATINGS).build()) {
      return Dataset.of(Map.of("user", "user_id", "item", "item_id", "label", "rating")).append("interactions", table).seal();
    }
  }

  @Test
  void user_2_is_recommended_what_he_has_not_seen() {
    try (Model model = biases()) {
      assertEquals(List.of(40L, 30L), model.recommend(2, 10).stream().map(Recommendation::item).toList());
      assertEquals(model.predict(2, 40), model.recommend(2, 1).get(0).score());
    }
  }

  @Test
  void a_closed_handle_is_an_error_and_closing_twice_is_not() {
    Model model = biases();
    model.close();
    model.close();
    assertTrue(model.isClosed());
    fails(Status.INVALID_STATE, "closed", () -> model.predict(1, 10));
    Table table = Table.builder().int64("user_id", 1).build();
    table.close();
    fails(Status.INVALID_STATE, "table", table::info);
  }

  @Test
  void lengths_that_differ_are_refused() {
    try (Model model = biases()) {
      fails(Status.BAD_DATA, "1 items", () -> model.predict(new long[] {1, 2}, new long[] {10}));
    }
    fails(Status.BAD_DATA, "labels", () -> Model.fitPairs("fm", null, USERS, ITEMS, new float[2]));
    fails(Status.BAD_DATA, "b", () -> Table.builder().int64("a", 1, 2).int64("b", 1).build());
  }

  @Test
  void files_that_are_missing_or_damaged_say_so(@TempDir Path folder) throws Exception {
    fails(Status.NOT_FOUND, "nowhere", () -> Model.load(folder.resolve("nowhere")));
    Path file = folder.resolve("modèle.interplay");
    try (Model model = biases()) {
      model.save(file);
      try (Model loaded = Model.load(file)) {
        assertArrayEquals(model.predict(USERS, ITEMS), loaded.predict(USERS, ITEMS));
      }
    }
    try (Model model = fitted(1)) {
      Path narrow = folder.resolve("narrow.interplay");
      model.save(narrow, Map.of("tables", "bfloat16"));
      try (Model loaded = Model.load(narrow, Map.of("mmap", true, "prefault", true))) {
        assertEquals("bfloat16", loaded.info().get("tables"));
      }
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    fails(Status.CORRUPT, file.toString(), () -> Model.load(file));
  }

  @Test
  void values_of_another_type_are_refused_by_column() {
    fails(Status.BAD_DATA, "\"age\"", () -> Table.builder().column("age", Type.FLOAT64, List.of("old")).build());
    try (Model model = biases(); Scorer scorer = model.scorer(List.of("user_id"), List.of("item_id"), Map.of())) {
      fails(Status.BAD_DATA, "user_id", () -> scorer.score(List.of("one"), List.of(List.of(10))));
      fails(Status.BAD_DATA, "[item_id]", () -> scorer.score(List.of(1), List.of(List.of())));
      fails(Status.NOT_FOUND, "item", () -> scorer.resolve("item", 1));
    }
  }

  @Test
  void a_misspelt_parameter_names_the_right_one() {
    InterplayException e = assertThrows(InterplayException.class, () -> Model.create("autoint", Map.of("epoch", 3)));
    assertEquals("epochs", e.detail().get("nearest"));
    fails(Status.INVALID_ARGUMENT, "NUL", () -> Model.create("auto\0int", null));
  }

  @Test
  void what_the_progress_function_throws_comes_out_of_fit() {
    IllegalStateException mine = new IllegalStateException("mine");
    try (Dataset data = dataset(); Model created = AutoInt.builder().epochs(1000).patience(0).build().create();
        Monitor monitor = new Monitor(event -> { throw mine; })) {
      assertSame(mine, assertThrows(IllegalStateException.class, () -> created.fit(data, null, Map.of(), monitor)));
    }
  }

  @Test
  void an_interrupt_cancels_a_fit_and_stays_set() {
    try (Dataset data = dataset(); Model created = AutoInt.builder().epochs(100000).validationFraction(0).build().create()) {
      Thread.currentThread().interrupt();
      try {
        fails(Status.CANCELLED, "cancelled", () -> created.fit(data));
      } finally {
        assertTrue(Thread.interrupted());
      }
    }
  }

  @Test
  void another_thread_cancels_and_reads() throws Exception {
    AtomicInteger events = new AtomicInteger();
    try (Dataset data = dataset(); Model created = AutoInt.builder().epochs(100000).validationFraction(0).build().create();
        Monitor monitor = new Monitor(event -> events.incrementAndGet() > 0); var pool = Executors.newSingleThreadExecutor()) {
      Future<Model> fit = pool.submit(() -> created.fit(data, null, Map.of(), monitor));
      while (events.get() < 2) Thread.onSpinWait();
      assertEquals("fit", monitor.read().get("stage"));
      monitor.cancel();
      InterplayException e = (InterplayException) assertThrows(java.util.concurrent.ExecutionException.class, fit::get).getCause();
      assertEquals(Status.CANCELLED, e.status());
    }
  }

  @Test
  void many_threads_share_a_model_that_one_of_them_closes() throws Exception {
    Model model = fitted(2);
    float[] expected = model.predict(USERS, ITEMS);
    List<Callable<Integer>> work = new ArrayList<>();
    AtomicInteger finished = new AtomicInteger();
    for (int t = 0; t < 16; t++) {
      work.add(() -> {
        for (int i = 0; i < 500; i++) {
          try {
            assertArrayEquals(expected, model.predict(USERS, ITEMS));
          } catch (InterplayException e) {
            assertEquals(Status.INVALID_STATE, e.status());
            return i;
          }
          if (finished.incrementAndGet() == 4000) model.close();
        }
        return 500;
      });
    }
    try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> future : pool.invokeAll(work)) future.get();
    }
    assertTrue(model.isClosed() && finished.get() >= 4000);
  }

  /** List.of() answers contains(null) with a NullPointerException, which building a table once ran into. */
  @Test
  void lists_may_be_immutable_ones() {
    List<List<Long>> lists = List.of(List.of(1L, 2L), List.of());
    try (Table table = Table.builder().lists("tags", Type.INT64, lists).build()) {
      assertEquals(lists, table.values("tags"));
    }
  }

  @Test
  void a_table_goes_through_an_arrow_stream_and_back() {
    try (var arena = Arena.ofConfined();
        Table table = Table.builder().int64("id", 1, 1L << 60).strings("city", "Köln", null)
            .lists("tags", Type.STRING, Arrays.asList(List.of("a", "b"), null)).build()) {
      long stream = arena.allocate(5 * 8L, 8).address(); // struct ArrowArrayStream: five pointers
      table.toArrow(stream);
      try (Table back = Table.fromArrow(stream)) {
        assertEquals(table.info(), back.info());
        for (String name : List.of("id", "city", "tags")) assertEquals(table.values(name), back.values(name));
        assertArrayEquals(new long[] {1, 1L << 60}, back.longs("id"));
        fails(Status.BAD_DATA, "found string", () -> back.floats("city"));
      }
    }
  }

  @Test
  void a_scorer_gives_the_bits_of_predict() {
    try (Model model = fitted(3); Scorer scorer = model.scorer(List.of(), List.of("user_id", "item_id"), Map.of())) {
      List<List<Long>> rows = new ArrayList<>();
      for (int i = 0; i < USERS.length; i++) rows.add(List.of(USERS[i], ITEMS[i]));
      assertArrayEquals(model.predict(USERS, ITEMS), scorer.score(List.of(), rows));
    }
  }

  /** Seen red with errors that are never freed. */
  @Test
  void a_million_calls_hold_memory_flat() throws Throwable {
    try (Model model = biases(); Table rows = Table.builder().int64("user_id", 1).int64("item_id", 10).build()) {
      long grown = growth(200_000, i -> {
        model.predict(1, 10);
        if (i % 10 == 0) model.predict(rows).close();
        if (i % 3 == 0) assertFalse(assertThrows(InterplayException.class, () -> model.recommend(1, 0)).getMessage().isEmpty());
      });
      assertTrue(grown < 2 << 20, "200000 calls left " + grown + " bytes behind");
    }
  }

  /** Seen red with a call that stays open when its monitor is a closed one: the garbage collector frees no confined arena. */
  @Test
  void a_closed_monitor_is_refused_and_leaves_nothing_behind() throws Throwable {
    Monitor monitor = new Monitor();
    monitor.close();
    try (Dataset data = dataset(); Model created = Popularity.builder().build().create()) {
      long grown = growth(120_000, i -> fails(Status.INVALID_STATE, "monitor", () -> created.fit(data, null, Map.of(), monitor)));
      assertTrue(grown < 1 << 20, "120000 calls left " + grown + " bytes behind"); // 24 each with the defect
    }
  }

  /**
   * The middle one of what C's memory, not the process's, grew by in each of five times n calls: the JDK's compiler takes some and
   * gives it back when it likes, which moves one or two of them, while a leak is in all.
   */
  private static long growth(int n, IntConsumer call) throws Throwable {
    long[] grown = new long[5];
    for (int part = -1; part < grown.length; part++) { // the first is for the compiler
      long before = allocated();
      for (int i = 0; i < n; i++) call.accept(i);
      if (part >= 0) grown[part] = allocated() - before;
    }
    Arrays.sort(grown);
    return grown[grown.length / 2];
  }

  @Test
  void the_garbage_collector_frees_what_was_forgotten() throws Throwable {
    long before = allocated();
    long[] values = new long[128];
    for (int i = 0; i < 20_000; i++) Table.builder().int64("x", values).build();
    long grown = Long.MAX_VALUE;
    for (int wait = 0; wait < 100 && grown > 4 << 20; wait++) {
      System.gc();
      Thread.sleep(50); // the cleaner has a thread of its own
      grown = allocated() - before;
    }
    assertTrue(grown <= 4 << 20, "20000 tables of 1 kB were forgotten, and " + grown + " bytes are left");
  }

  /** The bytes that malloc has given out: the eighth of the ten numbers of mallinfo2. */
  private static long allocated() throws Throwable {
    var linker = Linker.nativeLinker();
    var numbers = MemoryLayout.structLayout(MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG));
    try (Arena arena = Arena.ofConfined()) {
      var function = linker.downcallHandle(linker.defaultLookup().find("mallinfo2").orElseThrow(), FunctionDescriptor.of(numbers));
      MemorySegment info = (MemorySegment) function.invokeExact((SegmentAllocator) arena);
      return info.getAtIndex(ValueLayout.JAVA_LONG, 7);
    }
  }
}
