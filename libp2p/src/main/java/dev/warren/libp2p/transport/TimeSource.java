package dev.warren.libp2p.transport;

import java.time.Duration;

/** Monotonic time and what is to happen later. Tests pass one that they turn by hand. */
public interface TimeSource {

  /** An action that is due later; cancelling does nothing when it has run already. */
  @FunctionalInterface
  interface Scheduled {
    void cancel();
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
