package dev.warren.libp2p.mux.yamux;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Blocks that receive buffers have emptied, for the next that needs one: each is full of a
 * transfer's bytes for a moment, and nearly all of what a receiver allocates would be these.
 *
 * <p>All connections of a host share them, since few are busy at once, and a burst needs many: so
 * the bound is one for the host, and no peer can make us keep more.
 */
final class SpareBlocks {
  /** A block holds the payload that fills a noise record. */
  static final int BLOCK_BYTES = 64 << 10;

  /** 4 MiB: what a fast transfer has waiting for its reader at most times. 16 gained little. */
  static final int MAX_SPARE = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<byte[]> spare = new ArrayDeque<>(); // guarded by lock

  /** An array of so many bytes, with anything in it. */
  byte[] take(int bytes) {
    byte[] block = bytes == BLOCK_BYTES ? poll() : null;
    return block == null ? new byte[bytes] : block;
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
  void giveBack(byte[] array) {
    if (array.length != BLOCK_BYTES) {
      return;
    }
    lock.lock();
    try {
      if (spare.size() < MAX_SPARE) {
        spare.addLast(array);
      }
    } finally {
      lock.unlock();
    }
  }
}
