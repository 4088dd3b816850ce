package io.interplay;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.MemorySegment;
import java.util.Map;

/**
 * Interactions, and features of users and items. Once sealed, any number of threads may use it; until then a second thread's call
 * waits for the first's. See interplay_dataset_new in interplay.h for the keys of a schema.
 */
public final class Dataset extends Handle {
  private volatile boolean sealed;

  /** The two parts of a split. Closing it closes both. */
  public record Split(Dataset first, Dataset second) implements AutoCloseable {
    @Override
    public void close() {
      first.close();
      second.close();
    }
  }

  private Dataset(MemorySegment pointer, boolean sealed) {
    super(pointer, Abi.DATASET_FREE, () -> {});
    this.sealed = sealed;
  }

  /** Before a call that may be long, and so holds no lock: waits for a thread that is filling or sealing it. */
  void expectSealed() {
    if (sealed) return;
    synchronized (this) {
      if (sealed) return;
    }
    throw new InterplayException(Status.INVALID_STATE, "expected a sealed dataset, found one that is not: call its seal() first");
  }

  /** An empty one: {@code Dataset.of(Map.of("user", "user_id", "item", "movie_id", "label", "rating"))}. */
  public static Dataset of(Map<String, ?> schema) {
    try (Call call = new Call()) {
      return new Dataset(call.invoke(Abi.DATASET_NEW, call.json(schema), call.out()), false);
    }
  }

  /** Append to "interactions", "users" or "items"; on failure the dataset is as it was. */
  public synchronized Dataset append(String part, Table table) {
    try (Call call = new Call()) {
      call.invoke(Abi.DATASET_APPEND, call.use(this), call.text(part), call.use(table));
      return this;
    }
  }

  /** The same for an Arrow stream, see {@link Table#fromArrow}; it is released in every case. */
  public synchronized Dataset appendArrow(String part, long streamAddress) {
    try (Call call = new Call()) {
      call.invoke(Abi.DATASET_APPEND_ARROW, call.use(this), call.text(part), MemorySegment.ofAddress(streamAddress));
      return this;
    }
  }

  /** No more appends. */
  public synchronized Dataset seal() {
    try (Call call = new Call()) {
      call.invoke(Abi.DATASET_SEAL, call.use(this));
      sealed = true;
      return this;
    }
  }

  /** Options: "method" (random, last, time, users), "fraction" of the second part, "seed". */
  public synchronized Split split(Map<String, ?> options) {
    try (Call call = new Call()) {
      MemorySegment first = call.out();
      MemorySegment second = call.invoke(Abi.DATASET_SPLIT, call.use(this), call.json(options), first, call.out());
      return new Split(new Dataset(first.get(ADDRESS, 0), true), new Dataset(second, true));
    }
  }

  /** Rows, users, items, bytes, label, fields, warnings. */
  public synchronized Map<String, Object> info() {
    try (Call call = new Call()) {
      return call.object(Abi.DATASET_INFO, call.use(this), call.out());
    }
  }
}
