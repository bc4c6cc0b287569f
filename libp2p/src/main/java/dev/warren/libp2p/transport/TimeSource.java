package dev.warren.libp2p.transport;

import java.time.Duration;

/** Monotonic time and what is to happen later. Tests pass one that they turn by hand. */
public interface TimeSource {

  /** An action that is due later; cancelling does nothing when it has run already. */
  @FunctionalInterface
  interface Scheduled extends AutoCloseable {
    void cancel();

    /** Cancels: what bounds the work of a block of code ends with the block. */
    @Override
    default void close() {
      cancel();
    }
  }

  /** Nanoseconds since an arbitrary moment, never going back. */
  long nanoTime();

  /** Runs the action once, on a thread of its own, after the delay. */
  Scheduled after(Duration delay, Runnable action);

  /** The machine's time. */
  static TimeSource system() {
    return SystemTimeSource.INSTANCE;
  }
}
