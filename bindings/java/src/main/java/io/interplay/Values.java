package io.interplay;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Values on their way into the arrays of C. One that its type cannot hold is refused, none is cut to fit. */
final class Values {
  /** Knows where the i-th value stands, for its error. */
  interface Place {
    InterplayException refused(int i, String expectedAndFound);
  }

  private Values() {}

  /** Writes a Number, or a Boolean for BOOL8, as the i-th of an array. Floating-point types round. */
  static void set(MemorySegment to, Type type, int i, Object value, Place place) {
    Object given = type == Type.BOOL8 && value instanceof Boolean b ? (b ? 1 : 0) : value;
    if (!(given instanceof Number number)) throw refused(place, i, expected(type), value);
    try {
      switch (type) {
        case INT64 -> to.setAtIndex(ValueLayout.JAVA_LONG, i, whole(number));
        case INT32 -> to.setAtIndex(ValueLayout.JAVA_INT, i, Math.toIntExact(whole(number)));
        case FLOAT32 -> to.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) rounded(number, number.floatValue()));
        case FLOAT64 -> to.setAtIndex(ValueLayout.JAVA_DOUBLE, i, rounded(number, number.doubleValue()));
        default -> to.set(ValueLayout.JAVA_BYTE, i, bit(whole(number)));
      }
    } catch (ArithmeticException | NumberFormatException e) {
      throw refused(place, i, expected(type), value);
    }
  }

  /** The UTF-8 of the i-th text. Half a surrogate pair has none: it would become "?", as every other such text. */
  static ByteBuffer utf8(int i, Object value, Place place) {
    if (!(value instanceof CharSequence text)) throw refused(place, i, "a CharSequence", value);
    try {
      return StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    } catch (CharacterCodingException e) {
      throw refused(place, i, "text without half a surrogate pair", value);
    }
  }

  private static String expected(Type type) {
    return switch (type) {
      case INT64 -> "a whole number of 64 bits";
      case INT32 -> "a whole number of 32 bits";
      case FLOAT32 -> "a number in the range of float32";
      case FLOAT64 -> "a number in the range of float64";
      case BOOL8 -> "true, false, 0 or 1";
      case STRING -> "a CharSequence";
    };
  }

  private static InterplayException refused(Place place, int i, String expected, Object value) {
    String text = String.valueOf(value);
    String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
    String kind = value == null ? "" : " (" + value.getClass().getSimpleName() + ")";
    return place.refused(i, "expected " + expected + ", found " + shown + kind);
  }

  private static long whole(Number number) {
    return switch (number) {
      case Long n -> n;
      case Integer n -> n;
      // Not through text: the text of a Double is the shortest that tells it from its neighbours, not its value.
      case Double n -> new BigDecimal(n).longValueExact();
      case Float n -> new BigDecimal(n).longValueExact();
      default -> new BigDecimal(number.toString()).longValueExact();
    };
  }

  private static byte bit(long value) {
    if (value != 0 && value != 1) throw new ArithmeticException();
    return (byte) value;
  }

  /** The number as it was rounded; infinite only where it was so before. */
  private static double rounded(Number number, double value) {
    boolean infinite = (number instanceof Double || number instanceof Float) && Double.isInfinite(number.doubleValue());
    if (Double.isInfinite(value) && !infinite) throw new ArithmeticException();
    return value;
  }
}
