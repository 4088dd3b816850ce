package io.interplay;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Gathers columns for a {@link Table}; not for several threads at once. Arrays are borrowed until {@link #build}. */
public final class TableBuilder {
  private final List<Adder> adders = new ArrayList<>();
  private long rows = -1;

  /** Adds one column to the table of C. */
  private interface Adder {
    void add(Call call, MemorySegment table);
  }

  TableBuilder() {}

  public TableBuilder int64(String name, long... values) {
    return numbers(name, Type.INT64, MemorySegment.ofArray(values));
  }

  public TableBuilder int32(String name, int... values) {
    return numbers(name, Type.INT32, MemorySegment.ofArray(values));
  }

  public TableBuilder float32(String name, float... values) {
    return numbers(name, Type.FLOAT32, MemorySegment.ofArray(values));
  }

  public TableBuilder float64(String name, double... values) {
    return numbers(name, Type.FLOAT64, MemorySegment.ofArray(values));
  }

  /** Strings; null is a null. */
  public TableBuilder strings(String name, String... values) {
    return column(name, Type.STRING, Arrays.asList(values));
  }

  /**
   * One value a row, null for a null: a Number for a number, a Boolean or 0 and 1 for BOOL8, a CharSequence for STRING. A value
   * that the type cannot hold, such as 2.5 in INT64, makes {@link #build} fail with BAD_DATA; floating-point types round.
   */
  public TableBuilder column(String name, Type type, List<?> values) {
    boolean nulls = values.stream().anyMatch(Objects::isNull);
    return add(values.size(), (call, table) -> put(call, table, name, type, values, null, nulls ? values : null));
  }

  /** A list of values each row, none of them null; a null list differs from an empty one. */
  public TableBuilder lists(String name, Type type, List<? extends List<?>> lists) {
    return add(lists.size(), (call, table) -> {
      List<Object> flat = new ArrayList<>();
      long[] offsets = new long[lists.size() + 1];
      for (int row = 0; row < lists.size(); row++) {
        if (lists.get(row) != null) flat.addAll(lists.get(row));
        offsets[row + 1] = flat.size();
      }
      boolean nulls = lists.stream().anyMatch(Objects::isNull); // List.of() throws when it is asked for null
      put(call, table, name, type, flat, offsets, nulls ? lists : null);
    });
  }

  /** The table of these columns. Fails with BAD_DATA where their lengths differ. */
  public Table build() {
    try (Call call = new Call()) {
      Table table = new Table(call.invoke(Abi.TABLE_NEW, Math.max(rows, 0), call.out()));
      try {
        MemorySegment pointer = call.use(table);
        for (Adder adder : adders) {
          try (Call column = new Call()) {
            adder.add(column, pointer);
          }
        }
      } catch (RuntimeException e) {
        table.close();
        throw e;
      }
      return table;
    }
  }

  static ValueLayout layout(Type type) {
    return switch (type) {
      case INT64 -> ValueLayout.JAVA_LONG;
      case INT32 -> ValueLayout.JAVA_INT;
      case FLOAT32 -> ValueLayout.JAVA_FLOAT;
      case FLOAT64 -> ValueLayout.JAVA_DOUBLE;
      case BOOL8, STRING -> ValueLayout.JAVA_BYTE;
    };
  }

  private TableBuilder add(long length, Adder adder) {
    if (rows < 0) rows = length;
    adders.add(adder);
    return this;
  }

  private TableBuilder numbers(String name, Type type, MemorySegment values) {
    long count = values.byteSize() / layout(type).byteSize();
    return add(count, (call, table) -> call.invoke(
        Abi.TABLE_ADD, table, call.text(name), type.code(), copy(call, values), count, Call.NULL, Call.NULL));
  }

  /** `marked`: a list with null where the row is null, or null for a column without nulls. */
  private static void put(Call call, MemorySegment table, String name, Type type, List<?> values, long[] offsets, List<?> marked) {
    MemorySegment rowOffsets = offsets == null ? Call.NULL : copy(call, MemorySegment.ofArray(offsets));
    MemorySegment valid = marked == null ? Call.NULL : call.arena.allocate(Math.max(marked.size(), 1));
    for (int row = 0; marked != null && row < marked.size(); row++) {
      valid.set(ValueLayout.JAVA_BYTE, row, (byte) (marked.get(row) == null ? 0 : 1));
    }
    Values.Place place = (i, text) -> refused(name, offsets, i, text);
    long count = values.size();
    if (type == Type.STRING) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      long[] ends = new long[values.size() + 1];
      for (int i = 0; i < count; i++) {
        if (values.get(i) != null || offsets != null) {
          ByteBuffer text = Values.utf8(i, values.get(i), place);
          bytes.write(text.array(), text.arrayOffset(), text.remaining());
        }
        ends[i + 1] = bytes.size();
      }
      call.invoke(Abi.TABLE_ADD_STRINGS, table, call.text(name), copy(call, MemorySegment.ofArray(bytes.toByteArray())),
          (long) bytes.size(), copy(call, MemorySegment.ofArray(ends)), count, rowOffsets, valid);
    } else {
      MemorySegment numbers = call.arena.allocate(MemoryLayout.sequenceLayout(Math.max(count, 1), layout(type)));
      for (int i = 0; i < count; i++) {
        if (values.get(i) != null || offsets != null) Values.set(numbers, type, i, values.get(i), place);
      }
      call.invoke(Abi.TABLE_ADD, table, call.text(name), type.code(), numbers, count, rowOffsets, valid);
    }
  }

  /** The error of the i-th of a column's values, which with `offsets` are those of lists. */
  private static InterplayException refused(String name, long[] offsets, int i, String expectedAndFound) {
    long row = i;
    if (offsets != null) {
      row = 0;
      while (offsets[(int) row + 1] <= i) row++;
    }
    String value = offsets == null ? "" : ", value " + (i - offsets[(int) row]);
    return new InterplayException(
        Status.BAD_DATA, "column \"" + name + "\": row " + row + value + ": " + expectedAndFound, Map.of("column", name, "row", row));
  }

  private static MemorySegment copy(Call call, MemorySegment array) {
    return call.arena.allocate(Math.max(array.byteSize(), 1), 8).copyFrom(array);
  }
}
