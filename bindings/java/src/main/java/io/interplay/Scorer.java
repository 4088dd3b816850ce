package io.interplay;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Scores row after row of one model: the hot path. One a thread, since a second thread's call waits for the first's; it keeps its
 * model alive. A value is a whole number, a Double or Float, a String, a List of such, an {@link Id}, or null.
 */
public final class Scorer extends Handle {
  private static final MethodHandle SCORE = Abi.SCORER_SCORE.handle;

  /** A value that was looked up once; for the column it was made for, in any scorer of the same model. */
  public record Id(int size, long value) {}

  /** Rows of the candidates or of the catalogue, best first, and their scores. */
  public record Top(long[] index, float[] scores) {}

  private final List<String> shared;
  private final List<String> row;
  private final long items;

  private Scorer(MemorySegment pointer, long items, List<String> shared, List<String> row) {
    super(pointer, Abi.SCORER_FREE, () -> {});
    this.items = items;
    this.shared = shared;
    this.row = row;
  }

  static Scorer open(Model model, List<String> shared, List<String> row, Map<String, ?> options) {
    try (Call call = new Call()) {
      long items = model.items();
      List<String> names = new ArrayList<>(shared);
      names.addAll(row);
      MemorySegment columns = call.arena.allocate(ADDRESS, Math.max(names.size(), 1));
      for (int i = 0; i < names.size(); i++) columns.setAtIndex(ADDRESS, i, call.text(names.get(i)));
      MemorySegment made = call.invoke(
          Abi.SCORER_OPEN, call.use(model), columns, shared.size(), row.size(), call.json(options), call.out());
      return new Scorer(made, items, List.copyOf(shared), List.copyOf(row));
    }
  }

  /** The scores of rows that share the first columns' values. */
  public synchronized float[] score(List<?> sharedValues, List<? extends List<?>> rows) {
    try (Call call = new Call()) {
      Cells cells = new Cells(call, sharedValues, rows);
      MemorySegment scores = call.arena.allocate(JAVA_FLOAT, Math.max(rows.size(), 1));
      call.check((int) SCORE.invokeExact(call.use(this), cells.shared, cells.rows, (long) rows.size(), cells.heap,
          cells.heapSize, scores, call.error));
      return scores.asSlice(0, 4L * rows.size()).toArray(JAVA_FLOAT);
    } catch (Throwable e) {
      throw Abi.unexpected(e);
    }
  }

  /** The k best. Rows null: of the catalogue, see {@link #item}. */
  public synchronized Top top(List<?> sharedValues, List<? extends List<?>> rows, int k) {
    try (Call call = new Call()) {
      Cells cells = new Cells(call, sharedValues, rows == null ? List.of() : rows);
      long wanted = Model.wanted(k, rows == null ? items : rows.size());
      MemorySegment index = call.arena.allocate(JAVA_LONG, Math.max(wanted, 1));
      MemorySegment scores = call.arena.allocate(JAVA_FLOAT, Math.max(wanted, 1));
      MemorySegment n = call.arena.allocate(JAVA_LONG);
      call.invoke(Abi.SCORER_TOP, call.use(this), cells.shared, rows == null ? Call.NULL : cells.rows,
          rows == null ? 0L : rows.size(), cells.heap, cells.heapSize, wanted, index, scores, n);
      long found = n.get(JAVA_LONG, 0);
      return new Top(index.asSlice(0, 8 * found).toArray(JAVA_LONG), scores.asSlice(0, 4 * found).toArray(JAVA_FLOAT));
    }
  }

  /** Look a value of a column up once: an {@link Id}; a number, and null, come back as they are. */
  public synchronized Object resolve(String column, Object value) {
    int at = shared.contains(column) ? shared.indexOf(column) : row.indexOf(column) + (row.contains(column) ? shared.size() : 0);
    if (at < 0) {
      throw new InterplayException(Status.NOT_FOUND, "expected one of " + shared + row + ", found \"" + column + '"');
    }
    try (Call call = new Call()) {
      Cells cells = new Cells(call, column, value);
      MemorySegment out = call.arena.allocate(16, 8);
      call.invoke(Abi.SCORER_RESOLVE, call.use(this), at, cells.shared, cells.heap, cells.heapSize, out);
      return out.get(JAVA_INT, 0) == Cell.ID.ordinal() ? new Id(out.get(JAVA_INT, 4), out.get(JAVA_LONG, 8)) : value;
    }
  }

  /** The item at an index of the catalogue: a Long or a String. */
  public synchronized Object item(long index) {
    try (Call call = new Call()) {
      MemorySegment cell = call.arena.allocate(16, 8);
      MemorySegment text = call.invoke(Abi.SCORER_ITEM, call.use(this), index, cell, call.out());
      if (cell.get(JAVA_INT, 0) == Cell.INT64.ordinal()) return cell.get(JAVA_LONG, 8);
      return new String(text.reinterpret(cell.get(JAVA_INT, 4)).toArray(JAVA_BYTE), StandardCharsets.UTF_8);
    }
  }

  /** {"rows", "unknown": {column: rows}} since it was opened. */
  public synchronized Map<String, Object> stats() {
    try (Call call = new Call()) {
      return call.object(Abi.SCORER_STATS, call.use(this), call.out());
    }
  }

  /** The kinds of interplay_cell, in the order of their numbers. */
  enum Cell { NULL, INT64, FLOAT64, STRING, LIST, ID }

  /** The cells of one call, and the heap that their strings and lists lie in. */
  private final class Cells {
    final MemorySegment shared;
    final MemorySegment rows;
    MemorySegment heap = Call.NULL;
    long heapSize;
    private final Call call;

    Cells(Call call, List<?> given, List<? extends List<?>> rowsGiven) {
      this.call = call;
      equal(Scorer.this.shared, given);
      int width = Scorer.this.row.size();
      shared = call.arena.allocate(16L * Math.max(given.size(), 1), 8);
      rows = call.arena.allocate(16L * Math.max(width * rowsGiven.size(), 1), 8);
      for (int i = 0; i < given.size(); i++) put(shared, i, Scorer.this.shared.get(i), given.get(i));
      int at = 0;
      for (List<?> cells : rowsGiven) {
        equal(Scorer.this.row, cells);
        for (int i = 0; i < width; i++) put(rows, at++, Scorer.this.row.get(i), cells.get(i));
      }
    }

    Cells(Call call, String column, Object value) {
      this.call = call;
      shared = rows = call.arena.allocate(16, 8);
      put(shared, 0, column, value);
    }

    private void equal(List<String> columns, List<?> cells) {
      if (columns.size() == cells.size()) return;
      throw new InterplayException(Status.BAD_DATA, "expected a value for each of " + columns + ", found " + cells.size() + " values");
    }

    private void put(MemorySegment at, long i, String column, Object value) {
      switch (value) {
        case null -> set(at, i, Cell.NULL, 0, 0);
        case Long n -> set(at, i, Cell.INT64, 0, n);
        case Integer n -> set(at, i, Cell.INT64, 0, n);
        case Boolean b -> set(at, i, Cell.INT64, 0, b ? 1 : 0);
        case Double n -> set(at, i, Cell.FLOAT64, 0, Double.doubleToRawLongBits(n));
        case Float n -> set(at, i, Cell.FLOAT64, 0, Double.doubleToRawLongBits(n));
        case Id id -> set(at, i, Cell.ID, id.size, id.value);
        case CharSequence s -> {
          ByteBuffer utf8 = Values.utf8(0, s, (n, wrong) -> refused(column, wrong));
          int size = utf8.remaining();
          long offset = grow(size);
          MemorySegment.copy(MemorySegment.ofBuffer(utf8), 0, heap, offset, size);
          set(at, i, Cell.STRING, size, offset);
        }
        case List<?> list -> {
          long offset = grow(16L * list.size());
          set(at, i, Cell.LIST, list.size(), offset);
          // Through a buffer: what a list holds may move the heap.
          MemorySegment cells = call.arena.allocate(16L * Math.max(list.size(), 1), 8);
          for (int j = 0; j < list.size(); j++) put(cells, j, column, list.get(j));
          MemorySegment.copy(cells, 0, heap, offset, 16L * list.size());
        }
        default -> throw refused(column, "expected a number, string, list, Id or null, found a " + value.getClass().getName());
      }
    }

    private static InterplayException refused(String column, String expectedAndFound) {
      return new InterplayException(Status.BAD_DATA, "column \"" + column + "\": " + expectedAndFound, Map.of("column", column));
    }

    private void set(MemorySegment at, long i, Cell type, int size, long value) {
      at.set(JAVA_INT, 16 * i, type.ordinal());
      at.set(JAVA_INT, 16 * i + 4, size);
      at.set(JAVA_LONG, 16 * i + 8, value);
    }

    /** Room at an offset that is a multiple of 8. */
    private long grow(long size) {
      long offset = (heapSize + 7) / 8 * 8;
      heapSize = offset + size;
      if (heap.equals(Call.NULL) || heap.byteSize() < heapSize) {
        MemorySegment larger = call.arena.allocate(Math.max(2 * heapSize, 64), 8);
        if (!heap.equals(Call.NULL)) larger.copyFrom(heap);
        heap = larger;
      }
      return offset;
    }
  }
}
