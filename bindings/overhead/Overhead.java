import io.interplay.AutoInt;
import io.interplay.Model;
import io.interplay.Scorer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What the same calls cost in Java. Usage: java -cp JAR Overhead.java [MODEL]   (the model that `run` makes) */
class Overhead {
  static final int ROUNDS = 15;
  static final int ONES = 20000;
  static final int BATCH = 10000;

  /** Microseconds of one call, the best round's mean. */
  static void measure(String name, int calls, Runnable work) {
    double best = Double.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      work.run();
      best = Math.min(best, (System.nanoTime() - start) / 1e3 / calls);
    }
    System.out.printf("java %s %.3f%n", name, best);
  }

  static Model made() {
    long[] users = new long[90000];
    long[] items = new long[users.length];
    float[] ratings = new float[users.length];
    for (int i = 0; i < users.length; i++) {
      users[i] = i % 900 + 1;
      items[i] = i * 7L % 1600 + 1;
      ratings[i] = (users[i] + items[i]) % 5 + 1;
    }
    return AutoInt.builder().epochs(1).build().fit(users, items, ratings);
  }

  public static void main(String[] args) {
    long[] users = new long[BATCH];
    long[] items = new long[BATCH];
    for (int i = 0; i < BATCH; i++) {
      users[i] = i % 900 + 1;
      items[i] = i % 1600 + 1;
    }
    try (Model model = args.length > 0 ? Model.load(Path.of(args[0])) : made();
        Scorer scorer = model.scorer(List.of("user_id"), List.of("item_id"), Map.of("max_rows", 1))) {
      measure("predict", ONES, () -> {
        for (int i = 0; i < ONES; i++) model.predict(i % 900 + 1, i % 1600 + 1);
      });
      measure("scorer", ONES, () -> {
        for (int i = 0; i < ONES; i++) scorer.score(List.of(i % 900 + 1), List.of(List.of(i % 1600 + 1)));
      });
      measure("predict 10000", 1, () -> model.predict(users, items));
    }
  }
}
