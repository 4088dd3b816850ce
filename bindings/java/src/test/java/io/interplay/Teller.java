package io.interplay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Does the steps of tests/scenario/scenario.json through this package; see its README. */
@SuppressWarnings({"unchecked", "resource"})
final class Teller {
  private final Map<String, Object> tables;
  private final Path folder;
  private final Map<String, Object> made = new HashMap<>();
  private Map<String, Object> step;

  Teller(Map<String, Object> story, Path folder) {
    this.tables = (Map<String, Object>) story.get("tables");
    this.folder = folder;
  }

  /** One step's result as a document. Throws what the call throws. */
  Object tell(Map<String, Object> step) throws IOException {
    this.step = step;
    if (step.containsKey("write")) Files.writeString(path(), text("write"));
    Object result = call(text("call"));
    if (step.get("as") instanceof List<?> names) {
      made.put((String) names.get(0), ((Dataset.Split) result).first());
      made.put((String) names.get(1), ((Dataset.Split) result).second());
    } else if (step.containsKey("as")) {
      made.put(text("as"), result);
    }
    return result;
  }

  private Object call(String call) {
    return switch (call) {
      case "version" -> Interplay.version();
      case "engine_list" -> Interplay.engines();
      case "engine_info" -> Interplay.engine(text("engine"));
      case "file_info" -> Interplay.fileInfo(path());
      case "table_info" -> table("table").info();
      case "monitor_new" -> new Monitor();
      case "monitor_read" -> this.<Monitor>of("monitor").read();
      case "monitor_cancel" -> nothing(() -> this.<Monitor>of("monitor").cancel());
      default -> call.startsWith("dataset") ? dataset(call) : call.startsWith("scorer") ? scorer(call)
          : call.startsWith("assembly") ? assembly(call) : model(call);
    };
  }

  private Object dataset(String call) {
    Dataset dataset = of("dataset");
    return switch (call) {
      case "dataset_new" -> Dataset.of(map("schema"));
      case "dataset_append" -> dataset.append(text("part"), table("table"));
      case "dataset_seal" -> dataset.seal();
      case "dataset_info" -> dataset.info();
      case "dataset_split" -> dataset.split(map("options"));
      default -> throw new AssertionError("no such call: " + call);
    };
  }

  private Object model(String call) {
    Model model = of("model");
    Map<String, Object> options = map("options");
    return switch (call) {
      case "fit_pairs" -> Model.fitPairs(text("engine"), map("params"), longs("users"), longs("items"), floats((List<?>) step.get("labels")));
      case "predict_pairs" -> Map.of("scores", list(model.predict(longs("users"), longs("items"))));
      case "recommend_user" -> {
        List<Recommendation> best = model.recommend((Long) step.get("user"), (int) (long) step.get("k"));
        yield Map.of("items", best.stream().map(Recommendation::item).toList(), "scores", best.stream().map(Recommendation::score).toList());
      }
      case "model_create" -> Model.create(text("engine"), map("params"));
      case "model_fit" -> {
        Monitor monitor = "stop".equals(step.get("progress")) ? new Monitor(event -> false) : of("monitor");
        yield model.fit(of("train"), of("valid"), options, monitor);
      }
      case "model_predict" -> columns(model.predict(table("rows"), options));
      case "model_recommend" -> columns(model.recommend(table("users"), table("candidates"), options, null));
      case "model_evaluate" -> model.evaluate(of("dataset"), options);
      case "model_explain" -> model.explain(table("rows"), options);
      case "model_update" -> model.update(text("part"), table("table"), options);
      case "model_info" -> model.info();
      case "model_save" -> nothing(() -> model.save(path(), options));
      case "model_load" -> Model.load(path(), options);
      case "model_dump" -> model.toBytes();
      case "model_parse" -> Model.fromBytes(damaged());
      case "model_tensors" -> model.tensors();
      case "model_tensor" -> {
        float[] values = new float[model.tensor(text("name")).length / 4];
        ByteBuffer.wrap(model.tensor(text("name"))).order(ByteOrder.nativeOrder()).asFloatBuffer().get(values);
        yield Map.of("values", list(values));
      }
      default -> throw new AssertionError("no such call: " + call);
    };
  }

  private Object assembly(String call) {
    Assembly assembly = of("assembly");
    return switch (call) {
      case "assembly_new" -> new Assembly(text("engine"), map("params"), map("description"));
      case "assembly_add_values" -> nothing(() -> assembly.addValues(text("field"), table("table")));
      case "assembly_add_tensor" -> nothing(() -> assembly.addTensor(text("name"), type(text("type")), longs("shape"), (List<Number>) step.get("values")));
      case "assembly_finish" -> assembly.finish();
      default -> throw new AssertionError("no such call: " + call);
    };
  }

  private Object scorer(String call) {
    Scorer scorer = of("scorer");
    List<Object> shared = (List<Object>) step.get("shared");
    List<List<Object>> rows = step.get("rows") instanceof List<?> given ? ((List<List<Object>>) given).stream().map(this::cells).toList() : null;
    return switch (call) {
      case "scorer_open" -> this.<Model>of("model").scorer((List<String>) step.get("shared"), (List<String>) step.get("row"), map("options"));
      case "scorer_score" -> Map.of("scores", list(scorer.score(cells(shared), rows)));
      case "scorer_top" -> {
        Scorer.Top top = scorer.top(cells(shared), rows, (int) (long) step.get("k"));
        List<Object> index = new ArrayList<>(Arrays.stream(top.index()).boxed().toList());
        List<Object> items = rows == null ? index.stream().map(i -> scorer.item((Long) i)).toList() : List.of();
        yield Map.of("index", index, "scores", list(top.scores()), "items", items);
      }
      case "scorer_resolve" -> scorer.resolve("drink", cell(step.get("value"))); // column 1 of the only scorer it is asked of
      case "scorer_stats" -> scorer.stats();
      default -> throw new AssertionError("no such call: " + call);
    };
  }

  private List<Object> cells(List<Object> cells) {
    return new ArrayList<>(cells.stream().map(this::cell).toList());
  }

  private Object cell(Object cell) {
    if (cell == null) return null;
    var entry = ((Map<String, Object>) cell).entrySet().iterator().next();
    return switch (entry.getKey()) {
      case "list" -> cells((List<Object>) entry.getValue());
      case "id" -> made.get(entry.getValue());
      default -> entry.getValue();
    };
  }

  private byte[] damaged() {
    byte[] bytes = ((byte[]) made.get(text("bytes"))).clone();
    if (step.get("cut") instanceof Long size) return Arrays.copyOf(bytes, (int) (long) size);
    if (step.get("patch") instanceof Map<?, ?> patch) bytes[(int) (long) patch.get("offset")] = (byte) (long) patch.get("byte");
    return bytes;
  }

  private Table table(String key) {
    if (!step.containsKey(key)) return null;
    TableBuilder builder = Table.builder();
    for (Map<String, Object> column : (List<Map<String, Object>>) tables.get(step.get(key))) {
      Type type = type((String) column.get("type"));
      String name = (String) column.get("name");
      if (column.get("lists") instanceof List<?> lists) builder.lists(name, type, (List<List<?>>) lists);
      else builder.column(name, type, type == Type.STRING ? (List<?>) column.get("values") : numbers((List<?>) column.get("values")));
    }
    return builder.build();
  }

  private static Map<String, Object> columns(Table table) {
    Map<String, Object> columns = new LinkedHashMap<>();
    for (Object column : (List<Object>) table.info().get("columns")) {
      String name = (String) ((Map<String, Object>) column).get("name");
      columns.put(name, table.values(name));
    }
    return columns;
  }

  /** A whole number above 2^53, and NaN, is written as a string. */
  private static List<Object> numbers(List<?> values) {
    List<Object> numbers = new ArrayList<>();
    for (Object value : values) numbers.add(!(value instanceof String s) ? value : s.equals("NaN") ? (Object) Float.NaN : Long.valueOf(s));
    return numbers;
  }

  private static List<Object> list(float[] values) {
    List<Object> list = new ArrayList<>();
    for (float value : values) list.add((double) value);
    return list;
  }

  private static float[] floats(List<?> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) floats[i] = ((Number) values.get(i)).floatValue();
    return floats;
  }

  private long[] longs(String key) { return numbers((List<?>) step.get(key)).stream().mapToLong(n -> (Long) n).toArray(); }
  private String text(String key) { return (String) step.get(key); }
  private Map<String, Object> map(String key) { return (Map<String, Object>) step.get(key); }
  private <T> T of(String key) { return (T) made.get(step.get(key)); }
  private Path path() { return folder.resolve(text("path")); }
  private static Type type(String name) { return Type.valueOf(name.toUpperCase(Locale.ROOT)); }

  private static Object nothing(Runnable work) {
    work.run();
    return null;
  }
}
