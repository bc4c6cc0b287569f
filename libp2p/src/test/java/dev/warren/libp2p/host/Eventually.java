package dev.warren.libp2p.host;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread brings about and nothing announces. */
public final class Eventually {
  private static final long LIMIT_NANOS = 20_000_000_000L;
  private static final long PAUSE_NANOS = 1_000_000;

  private Eventually() {}

  public static void check(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - start > LIMIT_NANOS) {
        throw new AssertionError("it did not happen within 20 s");
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
