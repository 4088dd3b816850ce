package io.interplay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Half a surrogate pair has no UTF-8. The JDK would write "?" for it: another name, another id, and nobody told. */
class TextTest {
  private static final String HALF = "caf\ud83d";

  private static void refused(Status status, String place, Executable call) {
    InterplayException e = assertThrows(InterplayException.class, call);
    assertEquals(status, e.status(), e.getMessage());
    assertTrue(e.getMessage().contains("expected text without half a surrogate pair, found " + HALF), e.getMessage());
    assertTrue(e.getMessage().contains(place), e.getMessage());
  }

  @Test
  void half_a_surrogate_pair_is_refused_by_a_scorer_with_its_column() {
    Map<String, String> schema = Map.of("user", "name", "item", "drink");
    try (Table rows = Table.builder().strings("name", "caf?", "\ud83d\ude00").strings("drink", "tea", "rye").build();
        Dataset data = Dataset.of(schema).append("interactions", rows).seal();
        Model model = Popularity.builder().validationFraction(0).build().fit(data);
        Scorer scorer = model.scorer(List.of("name"), List.of("drink"), Map.of())) {
      refused(Status.BAD_DATA, "column \"name\"", () -> scorer.score(List.of(HALF), List.of(List.of("tea"))));
      refused(Status.BAD_DATA, "column \"drink\"", () -> scorer.top(List.of("caf?"), List.of(List.of("tea"), List.of(HALF)), 1));
      refused(Status.BAD_DATA, "column \"drink\"", () -> scorer.resolve("drink", HALF));
      scorer.score(List.of("\ud83d\ude00"), List.of(List.of("tea"))); // a whole pair is text, and known
      assertEquals(0L, ((Map<?, ?>) scorer.stats().get("unknown")).get("name"));
    }
  }

  @Test
  void half_a_surrogate_pair_is_refused_in_names_and_options() {
    refused(Status.INVALID_ARGUMENT, "", () -> Model.create(HALF, null));
    refused(Status.INVALID_ARGUMENT, "", () -> Table.builder().int64(HALF, 1).build());
    InterplayException e = assertThrows(InterplayException.class, () -> Dataset.of(Map.of("user", HALF, "item", "i")));
    assertTrue(e.getMessage().contains("half a surrogate pair"), e.getMessage());
  }
}
