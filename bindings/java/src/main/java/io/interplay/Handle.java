package io.interplay;

import java.lang.foreign.MemorySegment;
import java.lang.ref.Cleaner;

/**
 * One object of the library. {@link #close} frees it once no call is using it any more; the garbage collector does where it
 * was forgotten. Closing twice is fine; a closed one answers every call with {@link Status#INVALID_STATE}.
 */
public abstract sealed class Handle implements AutoCloseable permits Table, Dataset, Model, Monitor, Assembly, Scorer {
  private static final Cleaner CLEANER = Cleaner.create();
  private final State state;
  private final Cleaner.Cleanable cleanable;

  Handle(MemorySegment pointer, Abi free, Runnable afterwards) {
    state = new State(pointer, free, afterwards);
    cleanable = CLEANER.register(this, state);
  }

  /** Keeps the object alive, though another thread closes it, until {@link #release}. */
  final MemorySegment use() {
    return state.use(getClass());
  }

  final void release() {
    state.release();
    java.lang.ref.Reference.reachabilityFence(this);
  }

  /** Free, now or when the last call that is using it returns. */
  @Override
  public void close() {
    cleanable.clean();
  }

  public boolean isClosed() {
    return state.isClosed();
  }

  /** What the cleaner may keep without keeping the handle: one user is the handle itself. */
  private static final class State implements Runnable {
    private final MemorySegment pointer;
    private final Abi free;
    private final Runnable afterwards;
    private int users = 1;
    private boolean closed;

    State(MemorySegment pointer, Abi free, Runnable afterwards) {
      this.pointer = pointer;
      this.free = free;
      this.afterwards = afterwards;
    }

    synchronized MemorySegment use(Class<?> of) {
      if (closed) {
        String name = of.getSimpleName().toLowerCase(java.util.Locale.ROOT);
        throw new InterplayException(Status.INVALID_STATE, "expected an open " + name + ", found a closed one; use it before close()");
      }
      users++;
      return pointer;
    }

    synchronized boolean isClosed() {
      return closed;
    }

    void release() {
      synchronized (this) {
        if (--users > 0) return;
      }
      free.call(pointer);
      afterwards.run();
    }

    @Override
    public void run() {
      synchronized (this) {
        closed = true;
      }
      release();
    }
  }
}
