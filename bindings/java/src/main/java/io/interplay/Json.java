package io.interplay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * JSON in and out, since the JDK has none: objects are {@code Map<String, Object>} in their order, arrays {@code
 * List<Object>}, whole numbers {@code Long}, other numbers {@code Double}.
 */
public final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** Fails with {@link IllegalArgumentException}, which names the place. */
  public static Object parse(String text) {
    Json json = new Json(text);
    Object value = json.value();
    json.space();
    if (json.at < text.length()) throw json.wrong("the end");
    return value;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> object(String text) {
    return (Map<String, Object>) parse(text);
  }

  /** Maps, iterables, arrays of a Java type's own are not: use lists. Null is null; enums are their lower-case name. */
  public static String write(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case null -> out.append("null");
      case Boolean b -> out.append(b);
      case Number n -> out.append(number(n));
      case Map<?, ?> map -> {
        String comma = "{";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          out.append(comma);
          quote(String.valueOf(entry.getKey()), out);
          out.append(':');
          write(entry.getValue(), out);
          comma = ",";
        }
        out.append(map.isEmpty() ? "{}" : "}");
      }
      case Iterable<?> list -> {
        out.append('[');
        String comma = "";
        for (Object element : list) {
          out.append(comma);
          write(element, out);
          comma = ",";
        }
        out.append(']');
      }
      case CharSequence s -> quote(s.toString(), out);
      default ->
          throw new IllegalArgumentException(
              "expected a map, list, string, number or boolean, found a " + value.getClass().getName());
    }
  }

  private static String number(Number n) {
    boolean whole = n instanceof Long || n instanceof Integer || n instanceof Short || n instanceof Byte;
    if (!whole && !Double.isFinite(n.doubleValue())) {
      throw new IllegalArgumentException("expected a finite number, found " + n + ": JSON has no other");
    }
    return n.toString();
  }

  private static void quote(String s, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '"' || c == '\\') out.append('\\').append(c);
      else if (c < ' ') out.append(String.format("\\u%04x", (int) c));
      else out.append(c);
    }
    out.append('"');
  }

  private Object value() {
    space();
    return switch (peek()) {
      case '{' -> object();
      case '[' -> array();
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Map<String, Object> object() {
    Map<String, Object> map = new LinkedHashMap<>();
    at++;
    if (skip('}')) return map;
    do {
      space();
      String key = string();
      need(':');
      map.put(key, value());
    } while (skip(','));
    need('}');
    return map;
  }

  private List<Object> array() {
    List<Object> list = new ArrayList<>();
    at++;
    if (skip(']')) return list;
    do list.add(value());
    while (skip(','));
    need(']');
    return list;
  }

  private String string() {
    need('"');
    StringBuilder out = new StringBuilder();
    for (char c; (c = next()) != '"'; ) out.append(c == '\\' ? escaped() : c);
    return out.toString();
  }

  private char escaped() {
    char c = next();
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'u' -> {
        if (at + 4 > text.length()) throw wrong("four hexadecimal digits");
        at += 4;
        yield (char) Integer.parseInt(text, at - 4, at, 16);
      }
      default -> c;
    };
  }

  private Number number() {
    int start = at;
    while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
    String digits = text.substring(start, at);
    try {
      if (digits.chars().noneMatch(c -> c == '.' || c == 'e' || c == 'E')) return Long.valueOf(digits);
      return Double.valueOf(digits);
    } catch (NumberFormatException e) {
      at = start;
      throw wrong("a value");
    }
  }

  private <T> T word(String word, T value) {
    if (!text.startsWith(word, at)) throw wrong(word);
    at += word.length();
    return value;
  }

  private void space() {
    while (at < text.length() && text.charAt(at) <= ' ') at++;
  }

  private char peek() {
    if (at >= text.length()) throw wrong("a value");
    return text.charAt(at);
  }

  private char next() {
    char c = peek();
    at++;
    return c;
  }

  private boolean skip(char c) {
    space();
    if (at >= text.length() || text.charAt(at) != c) return false;
    at++;
    return true;
  }

  private void need(char c) {
    if (!skip(c)) throw wrong("'" + c + "'");
  }

  private IllegalArgumentException wrong(String expected) {
    return new IllegalArgumentException(
        "JSON: expected " + expected + " at offset " + at + " of " + text.length());
  }
}
