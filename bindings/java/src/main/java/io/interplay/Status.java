package io.interplay;

/** What became of a call. The numbers are the library's. */
public enum Status {
  OK,
  /** A null, an unknown key, a value out of range: the call is wrong. */
  INVALID_ARGUMENT,
  /** Predict before fit, append after seal, use after close. */
  INVALID_STATE,
  /** The content of a table: lengths, a NaN label, an id of the wrong type. */
  BAD_DATA,
  /** An engine, a column or a file that is not there. */
  NOT_FOUND,
  /** Sensible, but this engine, model or build does not do it. */
  UNSUPPORTED,
  /** A model file is damaged. */
  CORRUPT,
  /** A model file of another version. */
  INCOMPATIBLE,
  /** The operating system refused. */
  IO,
  NO_MEMORY,
  /** A monitor, its callback or an interrupt of the thread asked to stop. */
  CANCELLED,
  /** A defect of the library: please report it. */
  INTERNAL;

  /** The number that C uses. */
  public int code() {
    return ordinal();
  }

  /** A number that this version does not know counts as {@link #INTERNAL}. */
  public static Status of(int code) {
    Status[] all = values();
    return code >= 0 && code < all.length ? all[code] : INTERNAL;
  }
}
