package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.transport.MemoryBudget;

/**
 * What we allow the peer to send on one stream, and when to allow more. Guarded by the stream's
 * lock.
 *
 * <p>At any moment {@code available} (allowed, not yet received) + what waits in the receive buffer
 * + {@code consumed} (read, not yet allowed again) = {@code limit}; so the buffer never holds more
 * than {@code limit}.
 *
 * <p>Credit is given back when half of the window has been read. When that half took less than four
 * round trips the window, and not the path or the reader, may be what holds the sender up, and it
 * doubles: a stream ends up at a few times the product of its bandwidth and its delay.
 */
final class ReceiveWindow {
  /** Spec, Flow Control: "initially starts each stream with a 256KiB window size". */
  static final int INITIAL_BYTES = 256 << 10;

  private static final int FAST_ROUND_TRIPS = 4;

  private int limit = INITIAL_BYTES;
  private int available = INITIAL_BYTES;
  private int consumed;
  private long epochNanos;

  ReceiveWindow(long nowNanos) {
    epochNanos = nowNanos;
  }

  /** Accounts for a payload before any of it is stored. */
  void receive(long bytes) throws YamuxViolationException {
    if (bytes > available) {
      throw Violation.DATA_BEYOND_WINDOW.exception(bytes + " bytes where " + available + " may be");
    }
    available -= (int) bytes;
  }

  /** Accounts for bytes that the reader has taken. */
  void consume(int bytes) {
    consumed += bytes;
  }

  /**
   * The credit to give now, 0 when it is too early.
   *
   * @param roundTripNanos 0 when not known yet
   */
  int takeUpdate(long nowNanos, long roundTripNanos, int maxBytes, MemoryBudget growth) {
    if (!isUpdateDue()) {
      return 0;
    }
    if (nowNanos - epochNanos < FAST_ROUND_TRIPS * roundTripNanos) {
      int more = Math.min(limit, maxBytes - limit);
      if (more > 0 && growth.reserve(more)) {
        limit += more;
        consumed += more;
      }
    }
    epochNanos = nowNanos;
    int credit = consumed;
    available += credit;
    consumed = 0;
    return credit;
  }

  /** Gives up what the window grew by; nothing more will be received. */
  void release(MemoryBudget growth) {
    int grown = limit - INITIAL_BYTES;
    if (grown > 0) {
      limit = INITIAL_BYTES;
      growth.release(grown);
    }
  }

  int limit() {
    return limit;
  }

  /** Whether it is time to give credit. */
  boolean isUpdateDue() {
    return consumed >= limit / 2;
  }
}
