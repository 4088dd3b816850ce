package io.interplay;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The calls of the tutorial: pairs of ids. */
class PairsTest {
  private static final long[] USERS = {1, 1, 1, 2, 2, 3, 3, 3};
  private static final long[] ITEMS = {10, 20, 30, 10, 20, 10, 20, 30};
  private static final float[] RATINGS = {5, 1, 3, 4, 2, 5, 1, 4};
  private static final Map<String, Object> SMALL = Map.of("epochs", 2, "embedding_dim", 4, "attention_dim", 4);

  /** What interplay_fit_pairs itself gives. */
  private static Model inC(float[] labels) {
    try (Call call = new Call()) {
      MemorySegment given = labels == null ? Call.NULL : call.arena.allocateFrom(JAVA_FLOAT, labels);
      return new Model(call.invoke(Abi.FIT_PAIRS, call.text("autoint"), call.json(SMALL), (long) USERS.length,
          call.arena.allocateFrom(JAVA_LONG, USERS), call.arena.allocateFrom(JAVA_LONG, ITEMS), given, call.out()));
    }
  }

  @Test
  void a_model_of_pairs_has_the_bytes_that_c_gives_it() {
    for (float[] labels : new float[][] {RATINGS, null}) {
      try (Model here = Model.fitPairs("autoint", SMALL, USERS, ITEMS, labels); Model inC = inC(labels)) {
        assertArrayEquals(inC.toBytes(), here.toBytes());
      }
    }
  }

  /** Seen red with interplay_fit_pairs, which has no monitor: it learned all the epochs. */
  @Test
  void an_interrupt_in_the_middle_cancels_a_fit_on_pairs() throws Exception {
    Parameters parameters = AutoInt.builder().epochs(100_000).validationFraction(0).patience(0).build();
    AtomicReference<Thread> learner = new AtomicReference<>();
    try (var pool = Executors.newSingleThreadExecutor()) {
      Future<Model> fit = pool.submit(() -> {
        learner.set(Thread.currentThread());
        return parameters.fit(USERS, ITEMS, RATINGS);
      });
      while (learner.get() == null) Thread.onSpinWait();
      Thread.sleep(100); // by then it learns
      learner.get().interrupt();
      InterplayException e = (InterplayException) assertThrows(ExecutionException.class, fit::get).getCause();
      assertEquals(Status.CANCELLED, e.status());
    }
  }

  /** Three items: room for k of them, 12 bytes each, ended the process. A k that it survives is measured before the largest. */
  @Test
  void asking_for_every_item_takes_the_room_of_the_catalogue() throws Exception {
    try (Model model = Popularity.builder().build().fit(USERS, ITEMS, RATINGS);
        Scorer scorer = model.scorer(List.of("user_id"), List.of("item_id"), Map.of())) {
      List<List<Integer>> rows = List.of(List.of(10), List.of(20));
      List<Recommendation> all = model.recommend(9, 3);
      assertEquals(3, all.size());
      for (int k : new int[] {20_000_000, Integer.MAX_VALUE}) {
        long before = peak();
        assertEquals(all, model.recommend(9, k));
        assertArrayEquals(new long[] {2}, scorer.top(List.of(2), null, k).index());
        assertEquals(2, scorer.top(List.of(2), rows, k).index().length);
        long grown = peak() - before;
        assertTrue(grown < 100_000, "grew by " + grown + " kB for k = " + k);
      }
    }
  }

  /** The most memory that the process ever had, in kB. */
  private static long peak() throws Exception {
    try (var lines = Files.lines(Path.of("/proc/self/status"))) {
      String line = lines.filter(one -> one.startsWith("VmHWM")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", ""));
    }
  }
}
