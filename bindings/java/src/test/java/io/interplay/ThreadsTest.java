package io.interplay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What C has for one thread at a time, on two: one of them waits. Without that the numbers are wrong, or the process ends. */
class ThreadsTest {
  private static void onTwoThreads(IntConsumer work) throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    try (var pool = Executors.newFixedThreadPool(2)) {
      List<Future<Integer>> both = IntStream.range(0, 2).mapToObj(thread -> pool.submit(() -> {
        start.await();
        work.accept(thread);
        return thread;
      })).toList();
      for (Future<Integer> one : both) one.get();
    }
  }

  @Test
  void two_threads_with_one_scorer_get_the_scores_of_their_own_rows() throws Exception {
    long[] users = {1, 1, 2, 2};
    long[] items = {10, 20, 10, 20};
    try (Model model = AutoInt.builder().epochs(1).build().fit(users, items, new float[] {5, 1, 1, 5});
        Scorer scorer = model.scorer(List.of("user_id"), List.of("item_id"), Map.of())) {
      float[] all = model.predict(users, items);
      onTwoThreads(thread -> {
        float[] expected = {all[2 * thread], all[2 * thread + 1]};
        List<Integer> best = expected[0] >= expected[1] ? List.of(10, 20) : List.of(20, 10);
        for (int i = 0; i < 20_000; i++) {
          assertArrayEquals(expected, scorer.score(List.of(thread + 1), List.of(List.of(10), List.of(20))));
          Scorer.Top top = scorer.top(List.of(thread + 1), List.of(List.of(best.get(0)), List.of(best.get(1))), 2);
          assertArrayEquals(new long[] {0, 1}, top.index());
        }
      });
      assertEquals(160_000L, scorer.stats().get("rows"));
    }
  }

  @Test
  void two_threads_append_to_one_dataset_and_no_row_is_lost() throws Exception {
    try (Dataset data = Dataset.of(Map.of("user", "user", "item", "item"))) {
      onTwoThreads(thread -> {
        String[] users = IntStream.range(0, 2000).mapToObj(i -> "user " + thread + " " + i).toArray(String[]::new);
        try (Table rows = Table.builder().strings("user", users).int64("item", new long[2000]).build()) {
          for (int i = 0; i < 200; i++) data.append("interactions", rows);
        }
      });
      assertEquals(800_000L, data.seal().info().get("rows"));
    }
  }

  /** Seen red with a fit and an evaluate that look into the dataset without waiting. */
  @Test
  void fit_and_evaluate_wait_for_the_thread_that_is_sealing_their_dataset() throws Exception {
    Map<String, String> schema = Map.of("user", "user", "item", "item", "label", "label");
    try (Table rows = Table.builder().int64("user", 1, 1, 2).int64("item", 1, 2, 1).float32("label", 5, 1, 4).build();
        Model created = Popularity.builder().validationFraction(0).build().create(); Model model = after(rows, schema, created::fit)) {
      Map<String, Object> report = after(rows, schema, data -> model.evaluate(data, Map.of()));
      assertEquals(3L, report.get("rows"));
    }
  }

  /** What the work gives that began while this thread was filling the dataset. */
  private static <T> T after(Table rows, Map<String, String> schema, Function<Dataset, T> work) throws Exception {
    try (Dataset data = Dataset.of(schema); Dataset open = Dataset.of(schema)) {
      InterplayException e = assertThrows(InterplayException.class, () -> work.apply(open));
      assertTrue(e.status() == Status.INVALID_STATE && e.getMessage().contains("seal()"), e.getMessage());
      FutureTask<T> task = new FutureTask<>(() -> work.apply(data));
      Thread other = new Thread(task);
      synchronized (data) { // which every call that writes has
        other.start();
        while (other.getState() != Thread.State.BLOCKED && other.getState() != Thread.State.TERMINATED) Thread.sleep(1);
        data.append("interactions", rows).seal();
      }
      return task.get();
    }
  }

  @Test
  void of_two_threads_with_a_fields_values_an_assembly_takes_those_of_one() throws Exception {
    Map<String, Object> description = Map.of("schema", Map.of("user", "user", "item", "item", "label", "label"),
        "fields", List.of(Map.of("name", "user", "of", "user", "kind", "category"), Map.of("name", "item", "of", "item", "kind", "category")),
        "objective", Map.of("kind", "binary", "low", 0, "high", 1, "mean", 0.5));
    AtomicInteger taken = new AtomicInteger();
    try (Assembly assembly = new Assembly("autoint", Map.of("embedding_dim", 2), description);
        Table values = Table.builder().int64("value", LongStream.range(0, 300_000).toArray()).build()) {
      onTwoThreads(thread -> {
        try {
          assembly.addValues("user", values);
          taken.incrementAndGet();
        } catch (InterplayException e) {
          assertTrue(e.getMessage().contains("has its values already"), e.getMessage());
        }
      });
    }
    assertEquals(1, taken.get());
  }
}
