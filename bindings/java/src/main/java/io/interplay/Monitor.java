package io.interplay;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Watches a long call, and cancels it from any thread. An interrupt of the thread inside the call cancels as well, at the next
 * event (about four a second); the thread stays interrupted.
 */
public final class Monitor extends Handle {
  private final Watcher watcher;

  /** Without a progress function. */
  public Monitor() {
    this(event -> true);
  }

  /**
   * @param progress called on the thread inside the watched call, at least once an epoch; false cancels. What it throws
   *     cancels too, and comes out of the watched call. Keys of an event: interplay_progress in interplay.h
   */
  public Monitor(Predicate<? super Map<String, Object>> progress) {
    this(new Watcher(progress), Arena.ofShared());
  }

  private Monitor(Watcher watcher, Arena arena) {
    super(make(watcher, arena), Abi.MONITOR_FREE, arena::close);
    this.watcher = watcher;
  }

  private static MemorySegment make(Watcher watcher, Arena arena) {
    try (Call call = new Call()) {
      var method =
          MethodHandles.lookup()
              .bind(watcher, "event", MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class));
      var descriptor = FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS);
      MemorySegment stub = Linker.nativeLinker().upcallStub(method, descriptor, arena);
      return call.invoke(Abi.MONITOR_NEW, stub, Call.NULL, call.out());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ask the watched call, and every later one with this monitor, to stop. Any thread, any time. */
  public void cancel() {
    try (Call call = new Call()) {
      Abi.MONITOR_CANCEL.call(call.use(this));
    }
  }

  /** The newest event, empty before the first. Any thread, any time. */
  public Map<String, Object> read() {
    try (Call call = new Call()) {
      return call.object(Abi.MONITOR_READ, call.use(this), call.out());
    }
  }

  /** What the progress function threw while the call was running on this thread. */
  static RuntimeException outcome(Monitor monitor, RuntimeException cancelled) {
    Throwable thrown = monitor.watcher.thrown.get();
    monitor.watcher.thrown.remove();
    if (thrown instanceof Error e) throw e;
    return thrown instanceof RuntimeException e ? e : cancelled;
  }

  /** Apart from the monitor, so that the stub does not keep it from the garbage collector. */
  private static final class Watcher {
    final ThreadLocal<Throwable> thrown = new ThreadLocal<>();
    private final Predicate<? super Map<String, Object>> progress;

    Watcher(Predicate<? super Map<String, Object>> progress) {
      this.progress = progress;
    }

    // Nothing may fly through C: the virtual machine would end the process.
    @SuppressWarnings("unused")
    private int event(MemorySegment data, MemorySegment json) {
      try {
        if (Thread.currentThread().isInterrupted()) return 1;
        return progress.test(Json.object(Call.string(json))) ? 0 : 1;
      } catch (Throwable e) {
        thrown.set(e);
        return 1;
      }
    }
  }
}
