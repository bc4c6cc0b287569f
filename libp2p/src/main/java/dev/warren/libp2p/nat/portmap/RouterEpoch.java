package dev.warren.libp2p.nat.portmap;

import dev.warren.libp2p.transport.TimeSource;

/**
 * Notices that a router has lost its mappings, by the seconds that it says it has had them for (RFC
 * 6887 §8.5). RFC 6886 §3.6 is content with less: who asks once too often does no harm.
 */
final class RouterEpoch {
  private static final long SECOND_NANOS = 1_000_000_000;

  private final TimeSource time;
  private boolean heard;
  private boolean broken;
  private long lastSeconds;
  private long lastNanos;

  RouterEpoch(TimeSource time) {
    this.time = time;
  }

  /** Takes in what an answer says. */
  void hear(long seconds) {
    long now = time.nanoTime();
    if (heard && !continues(seconds - lastSeconds, (now - lastNanos) / SECOND_NANOS)) {
      broken = true;
    }
    heard = true;
    lastSeconds = seconds;
    lastNanos = now;
  }

  private static boolean continues(long routers, long ours) {
    return routers >= -1 && ours + 2 >= routers - routers / 16 && routers + 2 >= ours - ours / 16;
  }

  /** Whether it has begun anew since this was asked last. */
  boolean hasBroken() {
    boolean before = broken;
    broken = false;
    return before;
  }
}
