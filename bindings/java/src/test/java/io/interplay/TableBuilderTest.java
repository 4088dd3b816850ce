package io.interplay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A column takes a value that its type can hold, and refuses any other: nothing is cut to fit. */
class TableBuilderTest {
  /** The value as the second of two rows. */
  private static void refused(Type type, Object value, String expected) {
    Object good = type == Type.STRING ? "" : 1;
    for (boolean lists : new boolean[] {false, true}) {
      TableBuilder builder = Table.builder();
      // In lists it is the third of all the values, and still in row 1.
      if (lists) builder.lists("x", type, List.of(List.of(good, good), List.of(value)));
      else builder.column("x", type, Arrays.asList(null, value));
      InterplayException e = assertThrows(InterplayException.class, builder::build, type + " of " + value);
      assertEquals(Status.BAD_DATA, e.status());
      for (String text : new String[] {"column \"x\"", "row 1", expected, "found " + value}) {
        assertTrue(e.getMessage().contains(text), e.getMessage());
      }
      assertEquals("x", e.detail().get("column"));
      assertEquals(1L, e.detail().get("row"));
    }
  }

  @Test
  void a_number_that_is_not_whole_or_out_of_range_is_refused() {
    for (Type type : new Type[] {Type.INT64, Type.INT32}) {
      for (Object value : new Object[] {2.5, 2.5F, 1e300, -1e300, 0x1p63, Double.NaN, Double.NEGATIVE_INFINITY,
          new BigDecimal("0.1"), BigInteger.ONE.shiftLeft(63)}) {
        refused(type, value, "whole number");
      }
    }
    for (Object value : new Object[] {1L << 31, -(1L << 31) - 1, 0x1p31}) refused(Type.INT32, value, "32 bits");
    for (Object value : new Object[] {2, -1, 256, 257, 0.5}) refused(Type.BOOL8, value, "0 or 1");
    for (Object value : new Object[] {1e300, new BigDecimal("-1e39")}) refused(Type.FLOAT32, value, "float32");
    refused(Type.FLOAT64, new BigDecimal("1e400"), "float64");
    refused(Type.STRING, "\ud800", "surrogate");
  }

  @Test
  void a_value_of_another_class_is_refused_with_its_row() {
    refused(Type.INT64, "old", "(String)");
    refused(Type.STRING, 7, "CharSequence");
  }

  /** C has no place for it: it became 0 or "". */
  @Test
  void a_null_in_a_list_is_refused() {
    for (Type type : Type.values()) {
      TableBuilder builder = Table.builder().lists("x", type, Arrays.asList(null, List.of(), Arrays.asList((Object) null)));
      InterplayException e = assertThrows(InterplayException.class, builder::build, type.toString());
      assertEquals(Status.BAD_DATA, e.status());
      assertTrue(e.getMessage().contains("row 2, value 0: expected") && e.getMessage().endsWith("found null"), e.getMessage());
    }
  }

  @Test
  void a_whole_number_of_any_class_is_taken() {
    List<Object> values = Arrays.asList(Long.MIN_VALUE, Long.MAX_VALUE, -0x1p63, 0x1p60F, 3.0, (short) 4, (byte) 5,
        new BigDecimal("6.00"), BigInteger.TEN, new AtomicLong(11), null);
    List<Long> expected = Arrays.asList(Long.MIN_VALUE, Long.MAX_VALUE, Long.MIN_VALUE, 1L << 60, 3L, 4L, 5L, 6L, 10L, 11L, null);
    try (Table table = Table.builder().column("x", Type.INT64, values).build()) {
      assertEquals(expected, table.values("x"));
    }
    List<Object> bits = Arrays.asList(true, false, 1, 0, 1.0, null);
    try (Table table = Table.builder().column("x", Type.BOOL8, bits).build()) {
      assertEquals(Arrays.asList(true, false, true, false, true, null), table.values("x"));
    }
  }

  /** Rounding is what a floating-point column is for, and NaN and infinity are values of it. */
  @Test
  void floating_point_rounds() {
    List<Object> values = Arrays.asList(0.1, (1L << 53) + 1, Double.NaN, Double.POSITIVE_INFINITY, new BigDecimal("0.3"));
    try (Table table = Table.builder().column("f", Type.FLOAT32, values).column("d", Type.FLOAT64, values).build()) {
      assertEquals(Arrays.asList(0.1F, 0x1p53F, Float.NaN, Float.POSITIVE_INFINITY, 0.3F), table.values("f"));
      assertEquals(Arrays.asList(0.1, 0x1p53, Double.NaN, Double.POSITIVE_INFINITY, 0.3), table.values("d"));
    }
  }
}
