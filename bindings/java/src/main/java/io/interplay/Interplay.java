package io.interplay;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What concerns no single object. */
public final class Interplay {
  private Interplay() {}

  /** The library's release, "0.1.0". */
  public static String version() {
    return Call.string((MemorySegment) Abi.VERSION.call());
  }

  /** Major * 65536 + minor of the C ABI. */
  public static int abiVersion() {
    return (int) Abi.ABI_VERSION.call();
  }

  /** [{"name", "version", "summary"}, ...] */
  @SuppressWarnings("unchecked")
  public static List<Object> engines() {
    try (Call call = new Call()) {
      return (List<Object>) call.document(Abi.ENGINE_LIST, call.out());
    }
  }

  /** {"name", "version", "summary", "parameters": a JSON Schema}. */
  public static Map<String, Object> engine(String name) {
    try (Call call = new Call()) {
      return call.object(Abi.ENGINE_INFO, call.text(name), call.out());
    }
  }

  /** What a model file says of itself. */
  public static Map<String, Object> fileInfo(Path path) {
    try (Call call = new Call()) {
      return call.object(Abi.FILE_INFO, call.text(path.toString()), call.out());
    }
  }
}
