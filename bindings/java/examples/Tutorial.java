import io.interplay.AutoInt;
import io.interplay.InterplayException;
import io.interplay.Model;
import io.interplay.Recommendation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The tutorial on MovieLens 100k: java -cp interplay-0.1.0.jar examples/Tutorial.java DATA, where DATA is the folder with
 * u.data, or with ratings.csv. A fifth of the ratings is held out.
 */
class Tutorial {
  record Ratings(long[] users, long[] items, float[] ratings) {}

  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println("usage: java -cp interplay-0.1.0.jar examples/Tutorial.java DATA, the folder with u.data or with ratings.csv");
      System.exit(2);
    }
    List<String> lines = rows(Path.of(args[0]));
    int held = lines.size() / 5;
    Ratings test = ratings(lines.subList(0, held));
    Ratings train = ratings(lines.subList(held, lines.size()));
    var parameters = AutoInt.builder().embeddingDim(32).attentionDim(32).numHeads(2).numLayers(3).dropout(0.1)
        .epochs(20).batchSize(256).learningRate(0.001).build();

    try (Model model = parameters.fit(train.users, train.items, train.ratings)) {
      System.out.printf("user 1, movie 10: %.3f%n", model.predict(1, 10));
      float[] scores = model.predict(new long[] {1, 1, 2}, new long[] {10, 20, 10});
      System.out.printf("three pairs: %.3f %.3f %.3f%n", scores[0], scores[1], scores[2]);
      for (Recommendation best : model.recommend(1, 10)) System.out.printf("  %d %.3f%n", best.item(), best.score());

      System.out.printf("RMSE of %d held-out ratings: %.4f%n", held, rmse(model.predict(test.users, test.items), test.ratings));

      Path file = Files.createTempDirectory("tutorial").resolve("movies.interplay");
      model.save(file);
      try (Model loaded = Model.load(file)) {
        float expected = model.predict(1, 10);
        float found = loaded.predict(1, 10);
        if (found != expected) throw new AssertionError("expected the score " + expected + " of the loaded model, found " + found);
        System.out.println("loaded, the same score");
      } finally {
        Files.delete(file);
        Files.delete(file.getParent());
      }
    }

    try (Model wrong = Model.create("autoint", Map.of("epoch", 20))) {
      throw new AssertionError("expected a wrong parameter to be refused, found " + wrong.info());
    } catch (InterplayException e) {
      System.out.println("a wrong parameter: " + e.getMessage());
    }
  }

  /** The data rows, shuffled, as user, item, rating. */
  static List<String> rows(Path folder) throws IOException {
    Path plain = folder.resolve("u.data");
    List<String> lines = Files.readAllLines(Files.exists(plain) ? plain : folder.resolve("ratings.csv"));
    lines.removeIf(line -> line.isEmpty() || !Character.isDigit(line.charAt(0)));
    java.util.Collections.shuffle(lines, new Random(1));
    return lines;
  }

  static Ratings ratings(List<String> lines) {
    Ratings all = new Ratings(new long[lines.size()], new long[lines.size()], new float[lines.size()]);
    for (int i = 0; i < lines.size(); i++) {
      String[] cells = lines.get(i).split("[\t,]");
      all.users[i] = Long.parseLong(cells[0]);
      all.items[i] = Long.parseLong(cells[1]);
      all.ratings[i] = Float.parseFloat(cells[2]);
    }
    return all;
  }

  static double rmse(float[] scores, float[] ratings) {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) sum += Math.pow(scores[i] - ratings[i], 2);
    return Math.sqrt(sum / scores.length);
  }
}
