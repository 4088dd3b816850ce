package io.interplay;

import java.util.Map;

/** Why a call failed: the library's own sentence, its status, and what a program can use of it. */
public class InterplayException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final Status status;
  private final transient Map<String, Object> detail;

  /** An exception as the library would raise it. */
  public InterplayException(Status status, String message) {
    this(status, message, Map.of());
  }

  InterplayException(Status status, String message, Map<String, Object> detail) {
    super(message);
    this.status = status;
    this.detail = detail;
  }

  public Status status() {
    return status;
  }

  /** May have "key", "accepted", "nearest", "column", "row", "path"; empty where there is no more to say. */
  public Map<String, Object> detail() {
    return detail == null ? Map.of() : detail;
  }
}
