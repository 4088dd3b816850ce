package io.interplay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The story of tests/scenario, with the numbers that every language has to find. */
class ScenarioTest {
  private final Map<String, Object> story = Tree.json("tests/scenario/scenario.json");
  private final double within = (Double) story.get("within");

  @Test
  @SuppressWarnings("unchecked")
  void every_step_comes_out_as_told(@TempDir Path folder) throws IOException {
    Teller teller = new Teller(story, folder);
    for (Object given : (List<Object>) story.get("steps")) {
      Map<String, Object> step = (Map<String, Object>) given;
      String say = (String) step.get("say");
      if (step.get("error") instanceof Map<?, ?> error) {
        fails(say, (Map<String, Object>) error, teller, step);
        continue;
      }
      Object result = teller.tell(step);
      for (Object check : (List<Object>) step.getOrDefault("expect", List.of())) {
        assertTrue(holds((Map<String, Object>) check, result), () -> say + " expected " + check + ", found " + result);
      }
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void enumerations_are_those_of_c() {
    Map<String, Object> told = (Map<String, Object>) story.get("enumerations");
    assertEquals(told.get("status"), numbered(Status.values(), Status::code));
    assertEquals(told.get("type"), numbered(Type.values(), Type::code));
    assertEquals(told.get("cell"), numbered(Scorer.Cell.values(), Enum::ordinal));
    ((Map<String, Long>) (Map<?, ?>) (Map<String, Object>) told.get("status"))
        .forEach((name, code) -> assertEquals(name, Status.of((int) (long) code).name()));
    assertEquals(Status.INTERNAL, Status.of(99));
    assertEquals(story.get("abi_major"), (long) (Interplay.abiVersion() >>> 16));
  }

  private static <E extends Enum<E>> Map<String, Long> numbered(E[] values, Function<E, Integer> code) {
    return Arrays.stream(values).collect(Collectors.toMap(Enum::name, e -> (long) code.apply(e)));
  }

  private static void fails(String say, Map<String, Object> error, Teller teller, Map<String, Object> step) throws IOException {
    try {
      Object result = teller.tell(step);
      throw new AssertionError(say + " expected " + error + ", found " + result);
    } catch (InterplayException e) {
      assertEquals(error.get("status"), e.status().name(), say + " " + e.getMessage());
      assertTrue(e.getMessage().contains((String) error.get("text")), say + " " + e.getMessage());
      Map<String, Object> found = new HashMap<>(e.detail());
      Map<?, ?> detail = (Map<?, ?>) error.getOrDefault("detail", Map.of());
      found.keySet().retainAll(detail.keySet());
      assertEquals(detail, found, say);
    }
  }

  private boolean holds(Map<String, Object> check, Object result) {
    Object found = result;
    String pointer = (String) check.get("at");
    for (String part : pointer.isEmpty() ? new String[0] : pointer.substring(1).split("/")) {
      found = found instanceof List<?> list ? list.get(Integer.parseInt(part)) : ((Map<?, ?>) found).get(part);
    }
    if (check.containsKey("equals")) return same(found, check.get("equals"));
    if (check.containsKey("near")) return close(found, check.get("near"));
    if (check.containsKey("has")) return ((String) found).contains((String) check.get("has"));
    if (check.containsKey("length")) return ((List<?>) found).size() == (Long) check.get("length");
    if (check.containsKey("below")) return number(found) < number(check.get("below"));
    return number(found) > number(check.get("above"));
  }

  private static boolean same(Object found, Object expected) {
    if (expected instanceof List<?> list) {
      if (!(found instanceof List<?> values) || values.size() != list.size()) return false;
      for (int i = 0; i < list.size(); i++) if (!same(values.get(i), list.get(i))) return false;
      return true;
    }
    if (expected instanceof Long n && found instanceof Integer i) return n == (long) i;
    return expected.equals(found) || (found instanceof Long && expected.equals(found.toString()));
  }

  private boolean close(Object found, Object expected) {
    if (expected instanceof List<?> list) {
      if (!(found instanceof List<?> values) || values.size() != list.size()) return false;
      for (int i = 0; i < list.size(); i++) if (!close(values.get(i), list.get(i))) return false;
      return true;
    }
    return Math.abs(number(found) - number(expected)) <= within * Math.max(1, Math.abs(number(expected)));
  }

  private static double number(Object value) {
    return ((Number) value).doubleValue();
  }
}
