package dev.warren.libp2p.protocol.identify;

import dev.warren.libp2p.transport.TimeSource;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How often a peer may push on one connection: a few times at once, and then now and then. A new
 * connection costs the peer more than the pushes that it brings.
 */
final class PushAllowance {
  // What go grants a network.
  private static final int BURST = 10;
  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();

  /** When the whole burst is there again; guarded by lock. */
  private long fullAtNanos;

  PushAllowance(TimeSource time) {
    this.time = time;
    this.fullAtNanos = time.nanoTime();
  }

  /** Takes one push off what is allowed, if one is left. */
  boolean take() {
    lock.lock();
    try {
      long now = time.nanoTime();
      long missingNanos = Math.max(0, fullAtNanos - now);
      if (missingNanos > (BURST - 1) * INTERVAL.toNanos()) {
        return false;
      }
      fullAtNanos = now + missingNanos + INTERVAL.toNanos();
      return true;
    } finally {
      lock.unlock();
    }
  }
}
