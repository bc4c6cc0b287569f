package dev.warren.libp2p.security.noise;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Buffers for large writes, each of which needs one for as long as it takes. All connections share
 * them: few write at the same moment, and thousands may have a moment ago.
 */
final class SpareBursts {
  /** 4 MiB. */
  static final int MAX_SPARE = 16;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<byte[]> spare = new ArrayDeque<>(); // guarded by lock

  /** An array of {@link Records#MAX_BURST_BYTES}, with anything in it. */
  byte[] take() {
    byte[] burst = poll();
    return burst == null ? new byte[Records.MAX_BURST_BYTES] : burst;
  }

  private byte @Nullable [] poll() {
    lock.lock();
    try {
      return spare.pollLast(); // the warmest
    } finally {
      lock.unlock();
    }
  }

  /** Takes an array that nobody uses any more. */
  void giveBack(byte[] burst) {
    lock.lock();
    try {
      if (spare.size() < MAX_SPARE) {
        spare.addLast(burst);
      }
    } finally {
      lock.unlock();
    }
  }
}
