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

  /**
   * Loads an engine from a shared library (a plug-in), which then stays; its name for {@link Model#create}. The same file again
   * changes nothing. A plug-in runs in this process with all its rights, so load what you trust.
   *
   * @param path absolute
   * @throws InterplayException INVALID_ARGUMENT (a relative path, a name that is taken), NOT_FOUND (no such file), INCOMPATIBLE (it
   *     is no engine for this library)
   */
  public static String loadEngine(Path path) {
    try (Call call = new Call()) {
      return Call.string(call.invoke(Abi.ENGINE_LOAD, call.text(path.toString()), call.out()));
    }
  }

  /** What a model file says of itself. */
  public static Map<String, Object> fileInfo(Path path) {
    try (Call call = new Call()) {
      return call.object(Abi.FILE_INFO, call.text(path.toString()), call.out());
    }
  }
}
