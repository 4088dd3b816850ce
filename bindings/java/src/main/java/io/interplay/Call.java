package io.interplay;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** One fallible call's memory: its strings, its out parameters, its error. Closing it frees them. */
final class Call implements AutoCloseable {
  static final MemorySegment NULL = MemorySegment.NULL;
  final Arena arena = Arena.ofConfined();
  final MemorySegment error = arena.allocate(ADDRESS);
  private final List<Handle> used = new ArrayList<>(4);
  private MemorySegment out = NULL;

  /** The object's pointer, alive until this call is closed; null gives NULL. */
  MemorySegment use(Handle handle) {
    if (handle == null) return NULL;
    MemorySegment pointer = handle.use();
    used.add(handle);
    return pointer;
  }

  /** The same for a dataset, into which nobody writes any more. */
  MemorySegment sealed(Dataset dataset) {
    MemorySegment pointer = use(dataset);
    if (dataset != null) dataset.expectSealed();
    return pointer;
  }

  /** UTF-8 and a NUL; null gives NULL. A text that would be another one in C is refused. */
  MemorySegment text(String text) {
    if (text == null) return NULL;
    if (text.indexOf('\0') >= 0) {
      throw new InterplayException(Status.INVALID_ARGUMENT, "expected a text without NUL, found one in \"" + text.replace('\0', '?') + '"');
    }
    ByteBuffer utf8 = Values.utf8(0, text, (i, wrong) -> new InterplayException(Status.INVALID_ARGUMENT, wrong));
    return arena.allocate(utf8.remaining() + 1L).copyFrom(MemorySegment.ofBuffer(utf8)); // the last byte is 0 as it came
  }

  /** Options or parameters: JSON; null and empty give NULL. */
  MemorySegment json(Map<String, ?> value) {
    return value == null || value.isEmpty() ? NULL : text(Json.write(value));
  }

  /** A new out parameter for a pointer. */
  MemorySegment out() {
    return out = arena.allocate(ADDRESS);
  }

  /** Calls the function with the arguments and the error last, throws what it reports, returns what {@link #out} got. */
  MemorySegment invoke(Abi function, Object... arguments) {
    Object[] all = Arrays.copyOf(arguments, arguments.length + 1);
    all[arguments.length] = error;
    check((int) function.call(all));
    return out == NULL ? NULL : out.get(ADDRESS, 0);
  }

  void check(int status) {
    if (status == 0) return;
    MemorySegment raised = error.get(ADDRESS, 0);
    try {
      throw new InterplayException(
          Status.of(status),
          string((MemorySegment) Abi.ERROR_MESSAGE.call(raised)),
          Json.object(string((MemorySegment) Abi.ERROR_DETAIL.call(raised))));
    } finally {
      Abi.ERROR_FREE.call(raised);
    }
  }

  /** The document of a call whose out parameter is an interplay_text. */
  Object document(Abi function, Object... arguments) {
    return Json.parse(new String(bytes(function, arguments), StandardCharsets.UTF_8));
  }

  @SuppressWarnings("unchecked")
  Map<String, Object> object(Abi function, Object... arguments) {
    return (Map<String, Object>) document(function, arguments);
  }

  /** The bytes of a call whose out parameter is an interplay_text. */
  byte[] bytes(Abi function, Object... arguments) {
    MemorySegment text = invoke(function, arguments);
    try {
      long size = (long) Abi.TEXT_SIZE.call(text);
      if (size > Integer.MAX_VALUE - 8) {
        throw new InterplayException(Status.NO_MEMORY, "expected at most 2 GiB for a byte[], found " + size + " bytes: use a file");
      }
      return ((MemorySegment) Abi.TEXT_DATA.call(text)).reinterpret(size).toArray(JAVA_BYTE);
    } finally {
      Abi.TEXT_FREE.call(text);
    }
  }

  /** A borrowed NUL-terminated string. */
  static String string(MemorySegment text) {
    return text.equals(NULL) ? "" : text.reinterpret(Long.MAX_VALUE).getString(0);
  }

  @Override
  public void close() {
    used.forEach(Handle::release);
    arena.close();
  }
}
