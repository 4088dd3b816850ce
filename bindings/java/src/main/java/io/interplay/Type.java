package io.interplay;

/** The element type of a column. */
public enum Type {
  INT64,
  INT32,
  FLOAT32,
  FLOAT64,
  /** One byte a value, 0 or 1. */
  BOOL8,
  STRING;

  /** The number that C uses. */
  public int code() {
    return ordinal() + 1;
  }

  static Type of(int code) {
    return values()[code - 1];
  }
}
