package io.interplay;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What knows an engine and its parameters, and, once fitted, what was learned. It never changes: {@link #fit} and {@link
 * #update} return new ones, so any number of threads may use one. Options are those of the C function of the same name in
 * interplay.h; an unknown key is an error.
 */
public final class Model extends Handle {
  private static final MethodHandle PREDICT_PAIRS = Abi.PREDICT_PAIRS.handle;

  private volatile long items = -1;

  Model(MemorySegment pointer) {
    super(pointer, Abi.MODEL_FREE, () -> {});
  }

  /** The items of the catalogue, asked for once; 0 before fit. */
  long items() {
    if (items < 0) items = info().get("catalogue") instanceof Map<?, ?> all && all.get("items") instanceof Long n ? n : 0;
    return items;
  }

  /** How many of k to ask for, and to have room for, where there are no more than `all`: 0 stays for the library to refuse. */
  static long wanted(int k, long all) {
    return k < 1 ? 0 : Math.max(Math.min(k, all), 1);
  }

  /** Any engine by its name; {@link AutoInt#builder} and its like are typed. */
  public static Model create(String engine, Map<String, ?> parameters) {
    try (Call call = new Call()) {
      return new Model(call.invoke(Abi.MODEL_CREATE, call.text(engine), call.json(parameters), call.out()));
    }
  }

  /**
   * Create and fit on pairs, on the calling thread. An interrupt of the thread cancels.
   *
   * @param labels as many as there are users and items; null: every pair is a positive one
   */
  public static Model fitPairs(String engine, Map<String, ?> parameters, long[] users, long[] items, float[] labels) {
    equal(users.length, items.length, "items");
    if (labels != null) equal(users.length, labels.length, "labels");
    Map<String, String> schema = new HashMap<>(Map.of("user", "user_id", "item", "item_id"));
    TableBuilder pairs = Table.builder().int64("user_id", users).int64("item_id", items);
    if (labels != null) {
      schema.put("label", "rating");
      pairs.float32("rating", labels);
    }
    // What interplay_fit_pairs does, which has no monitor for an interrupt to cancel.
    try (Model created = create(engine, parameters); Dataset train = Dataset.of(schema)) {
      try (Table table = pairs.build()) {
        train.append("interactions", table).seal();
      }
      return created.fit(train);
    }
  }

  public Model fit(Dataset train) {
    return fit(train, null, Map.of(), null);
  }

  /**
   * Learn on the calling thread; a new model. An interrupt of the thread cancels.
   *
   * @param valid null: a part of train is held out
   * @param monitor watches and cancels; may be null
   */
  public Model fit(Dataset train, Dataset valid, Map<String, ?> options, Monitor monitor) {
    try (Watched watched = new Watched(monitor)) {
      Call call = watched.call;
      return new Model(watched.invoke(Abi.MODEL_FIT, call.use(this), call.sealed(train), call.sealed(valid), call.json(options),
          watched.pointer, Call.NULL, call.out()));
    }
  }

  /** The score of one pair: a probability, or in the unit of the ratings. */
  public float predict(long user, long item) {
    return predict(new long[] {user}, new long[] {item})[0];
  }

  /** The scores of pairs; an id that the model does not know scores through the unknown value. */
  public float[] predict(long[] users, long[] items) {
    equal(users.length, items.length, "items");
    try (Call call = new Call()) {
      MemorySegment scores = call.arena.allocate(JAVA_FLOAT, Math.max(users.length, 1));
      call.check((int) PREDICT_PAIRS.invokeExact(call.use(this), (long) users.length,
          call.arena.allocateFrom(JAVA_LONG, users), call.arena.allocateFrom(JAVA_LONG, items), scores, call.error));
      return scores.asSlice(0, 4L * users.length).toArray(JAVA_FLOAT);
    } catch (Throwable e) {
      throw Abi.unexpected(e);
    }
  }

  /** The scores of rows: a table with the column "score". */
  public Table predict(Table rows, Map<String, ?> options) {
    try (Call call = new Call()) {
      return new Table(call.invoke(Abi.MODEL_PREDICT, call.use(this), call.use(rows), call.json(options), call.out()));
    }
  }

  public Table predict(Table rows) {
    return predict(rows, Map.of());
  }

  /** The k best items that the user has not seen, best first; fewer where the catalogue has no more. */
  public List<Recommendation> recommend(long user, int k) {
    try (Call call = new Call()) {
      long wanted = wanted(k, items());
      MemorySegment items = call.arena.allocate(JAVA_LONG, Math.max(wanted, 1));
      MemorySegment scores = call.arena.allocate(JAVA_FLOAT, Math.max(wanted, 1));
      MemorySegment n = call.arena.allocate(JAVA_LONG);
      call.invoke(Abi.RECOMMEND_USER, call.use(this), user, wanted, items, scores, n);
      List<Recommendation> best = new ArrayList<>();
      for (int i = 0; i < n.get(JAVA_LONG, 0); i++) {
        best.add(new Recommendation(items.getAtIndex(JAVA_LONG, i), scores.getAtIndex(JAVA_FLOAT, i)));
      }
      return best;
    }
  }

  /**
   * The best items of many users: "row", the item column, "score", "rank".
   *
   * @param candidates null: the catalogue
   */
  public Table recommend(Table users, Table candidates, Map<String, ?> options, Monitor monitor) {
    try (Watched watched = new Watched(monitor)) {
      Call call = watched.call;
      return new Table(watched.invoke(Abi.MODEL_RECOMMEND, call.use(this), call.use(users), call.use(candidates), call.json(options),
          watched.pointer, call.out()));
    }
  }

  public Table recommend(Table users, Map<String, ?> options) {
    return recommend(users, null, options, null);
  }

  /** Metrics on a sealed dataset. */
  public Map<String, Object> evaluate(Dataset dataset, Map<String, ?> options) {
    try (Watched watched = new Watched(null)) {
      Call call = watched.call;
      return watched.object(Abi.MODEL_EVALUATE, call.use(this), call.sealed(dataset), call.json(options), watched.pointer, call.out());
    }
  }

  /** What made the scores of some rows. */
  public Map<String, Object> explain(Table rows, Map<String, ?> options) {
    try (Watched watched = new Watched(null)) {
      Call call = watched.call;
      return watched.object(Abi.MODEL_EXPLAIN, call.use(this), call.use(rows), call.json(options), watched.pointer, call.out());
    }
  }

  /** Another catalogue, the same weights: a new model. Part: "users", "items" or "seen". */
  public Model update(String part, Table table, Map<String, ?> options) {
    try (Call call = new Call()) {
      return new Model(call.invoke(Abi.MODEL_UPDATE, call.use(this), call.text(part), call.use(table), call.json(options), call.out()));
    }
  }

  public Map<String, Object> info() {
    try (Call call = new Call()) {
      return call.object(Abi.MODEL_INFO, call.use(this), call.out());
    }
  }

  /** A scorer for one thread: columns given once a call, columns of each row. */
  public Scorer scorer(List<String> shared, List<String> row, Map<String, ?> options) {
    return Scorer.open(this, shared, row, options);
  }

  /** [{"name", "type", "shape"}, ...]: what was learned. */
  @SuppressWarnings("unchecked")
  public List<Object> tensors() {
    try (Call call = new Call()) {
      return (List<Object>) call.document(Abi.MODEL_TENSORS, call.use(this), call.out());
    }
  }

  /** The numbers of one of them, row-major, in the machine's byte order. */
  public byte[] tensor(String name) {
    try (Call call = new Call()) {
      return call.bytes(Abi.MODEL_TENSOR, call.use(this), call.text(name), call.out());
    }
  }

  public void save(Path path) {
    save(path, Map.of());
  }

  /**
   * Options: "seen" false leaves out what users have seen, "optimizer" true keeps what going on with training needs, "tables"
   * ("float32", "bfloat16", "int8") keeps embeddings in 4, 2 or 1 bytes a number, also in a model that is read from the file.
   */
  public void save(Path path, Map<String, ?> options) {
    try (Call call = new Call()) {
      call.invoke(Abi.MODEL_SAVE, call.use(this), call.text(path.toString()), call.json(options));
    }
  }

  public static Model load(Path path) {
    return load(path, Map.of());
  }

  /** Options: "mmap", "prefault" (with mmap: read all at once), "verify", "max_bytes". A file from anywhere may be tried. */
  public static Model load(Path path, Map<String, ?> options) {
    try (Call call = new Call()) {
      return new Model(call.invoke(Abi.MODEL_LOAD, call.text(path.toString()), call.json(options), call.out()));
    }
  }

  /** The bytes that {@link #save} would write. */
  public byte[] toBytes() {
    try (Call call = new Call()) {
      return call.bytes(Abi.MODEL_DUMP, call.use(this), Call.NULL, call.out());
    }
  }

  public static Model fromBytes(byte[] bytes) {
    try (Call call = new Call()) {
      MemorySegment copy = call.arena.allocate(Math.max(bytes.length, 1), 8).copyFrom(MemorySegment.ofArray(bytes));
      return new Model(call.invoke(Abi.MODEL_PARSE, copy, (long) bytes.length, Call.NULL, call.out()));
    }
  }

  private static void equal(int users, int found, String what) {
    if (users == found) return;
    throw new InterplayException(
        Status.BAD_DATA, "expected users and " + what + " of one length, found " + users + " users and " + found + " " + what);
  }

  /** A call that an interrupt of its thread cancels, also where the caller gave no monitor. */
  private static final class Watched implements AutoCloseable {
    final Call call = new Call();
    final Monitor own;
    final Monitor monitor;
    final MemorySegment pointer;

    Watched(Monitor given) {
      own = given == null ? new Monitor() : null;
      monitor = given == null ? own : given;
      try {
        pointer = call.use(monitor);
      } catch (RuntimeException e) { // it is closed, and nobody will close this
        close();
        throw e;
      }
    }

    MemorySegment invoke(Abi function, Object... arguments) {
      try {
        return call.invoke(function, arguments);
      } catch (RuntimeException e) {
        throw Monitor.outcome(monitor, e);
      }
    }

    Map<String, Object> object(Abi function, Object... arguments) {
      try {
        return call.object(function, arguments);
      } catch (RuntimeException e) {
        throw Monitor.outcome(monitor, e);
      }
    }

    @Override
    public void close() {
      call.close();
      if (own != null) own.close();
    }
  }
}
