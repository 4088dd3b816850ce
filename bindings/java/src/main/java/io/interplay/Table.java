package io.interplay;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Named columns of equal length, copied in and copied out. Immutable: any number of threads may read one. */
public final class Table extends Handle {
  Table(MemorySegment pointer) {
    super(pointer, Abi.TABLE_FREE, () -> {});
  }

  public static TableBuilder builder() {
    return new TableBuilder();
  }

  /**
   * Adopt a stream of Arrow's C data interface, which is moved in and released in every case.
   *
   * @param streamAddress of a struct ArrowArrayStream: in Arrow Java, {@code ArrowArrayStream.memoryAddress()}
   */
  public static Table fromArrow(long streamAddress) {
    try (Call call = new Call()) {
      return new Table(call.invoke(Abi.TABLE_FROM_ARROW, MemorySegment.ofAddress(streamAddress), call.out()));
    }
  }

  /**
   * Export as an Arrow stream of one batch, which outlives this table.
   *
   * @param streamAddress of memory for a struct ArrowArrayStream, which is overwritten; the caller releases the stream
   */
  public void toArrow(long streamAddress) {
    try (Call call = new Call()) {
      call.invoke(Abi.TABLE_TO_ARROW, call.use(this), MemorySegment.ofAddress(streamAddress));
    }
  }

  /** {"rows": N, "columns": [{"name", "type", "multi_valued", "nulls"}, ...]} in their order. */
  public Map<String, Object> info() {
    try (Call call = new Call()) {
      return call.object(Abi.TABLE_INFO, call.use(this), call.out());
    }
  }

  /** A whole column: Long, Integer, Float, Double, Boolean or String by its type, null for a null, a List for a list. */
  public List<Object> values(String name) {
    try (Call call = new Call()) {
      Column column = column(call, name);
      List<Object> flat = column.flat();
      List<Object> rows = column.rowOffsets == null ? flat : new ArrayList<>();
      for (int row = 0; row < column.rows; row++) {
        if (column.rowOffsets != null) {
          rows.add(List.copyOf(flat.subList((int) column.rowOffset(row), (int) column.rowOffset(row + 1))));
        }
        if (column.valid != null && column.valid.get(JAVA_BYTE, row) == 0) rows.set(row, null);
      }
      return rows;
    }
  }

  /** A float32 column as an array, such as "score". */
  public float[] floats(String name) {
    try (Call call = new Call()) {
      return column(call, name).as(Type.FLOAT32).toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT);
    }
  }

  /** An int64 column as an array. */
  public long[] longs(String name) {
    try (Call call = new Call()) {
      return column(call, name).as(Type.INT64).toArray(JAVA_LONG);
    }
  }

  private Column column(Call call, String name) {
    MemorySegment out = call.arena.allocate(64, 8);
    call.invoke(Abi.TABLE_COLUMN, call.use(this), call.text(name), out);
    return new Column(name, out);
  }

  /** struct interplay_column: its pointers live while the call holds the table. */
  private static final class Column {
    final String name;
    final Type type;
    final long rows;
    final long count;
    final MemorySegment values;
    final MemorySegment stringOffsets;
    final MemorySegment rowOffsets;
    final MemorySegment valid;

    Column(String name, MemorySegment at) {
      this.name = name;
      type = Type.of(at.get(JAVA_INT, 0));
      rows = at.get(JAVA_LONG, 8);
      count = at.get(JAVA_LONG, 16);
      long bytes = at.get(JAVA_LONG, 24);
      values = at.get(ADDRESS, 32).reinterpret(type == Type.STRING ? bytes : count * TableBuilder.layout(type).byteSize());
      stringOffsets = optional(at, 40, 8 * (count + 1));
      rowOffsets = optional(at, 48, 8 * (rows + 1));
      valid = optional(at, 56, rows);
    }

    private static MemorySegment optional(MemorySegment at, long offset, long size) {
      MemorySegment pointer = at.get(ADDRESS, offset);
      return pointer.equals(MemorySegment.NULL) ? null : pointer.reinterpret(size);
    }

    long rowOffset(int row) {
      return rowOffsets.getAtIndex(JAVA_LONG, row);
    }

    MemorySegment as(Type wanted) {
      if (type == wanted && rowOffsets == null) return values;
      String found = (rowOffsets == null ? "" : "lists of ") + type.name().toLowerCase(java.util.Locale.ROOT);
      throw new InterplayException(
          Status.BAD_DATA,
          "column \"" + name + "\": expected " + wanted.name().toLowerCase(java.util.Locale.ROOT) + ", found " + found + "; values() reads any");
    }

    List<Object> flat() {
      List<Object> flat = new ArrayList<>();
      for (int i = 0; i < count; i++) flat.add(value(i));
      return flat;
    }

    private Object value(int i) {
      return switch (type) {
        case INT64 -> values.getAtIndex(JAVA_LONG, i);
        case INT32 -> values.getAtIndex(JAVA_INT, i);
        case FLOAT32 -> values.getAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, i);
        case FLOAT64 -> values.getAtIndex(java.lang.foreign.ValueLayout.JAVA_DOUBLE, i);
        case BOOL8 -> values.get(JAVA_BYTE, i) != 0;
        case STRING -> {
          long from = stringOffsets.getAtIndex(JAVA_LONG, i);
          long size = stringOffsets.getAtIndex(JAVA_LONG, i + 1) - from;
          yield new String(values.asSlice(from, size).toArray(JAVA_BYTE), java.nio.charset.StandardCharsets.UTF_8);
        }
      };
    }
  }
}
