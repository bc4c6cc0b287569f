package dev.warren.libp2p.transport;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Arrays of one size that are each needed for a moment. Thousands of connections share them, since
 * few are busy at the same moment, and all may have been a moment ago.
 */
public final class SpareArrays {
  private final int bytes;
  private final int maxSpare;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<byte[]> spare = new ArrayDeque<>(); // guarded by lock

  /**
   * @param maxSpare how many are kept that nobody uses
   */
  public SpareArrays(int bytes, int maxSpare) {
    this.bytes = bytes;
    this.maxSpare = maxSpare;
  }

  /** An array of this size, with anything in it. */
  public byte[] take() {
    byte[] array = poll();
    return array == null ? new byte[bytes] : array;
  }

  private byte @Nullable [] poll() {
    lock.lock();
    try {
      return spare.pollLast(); // the warmest
    } finally {
      lock.unlock();
    }
  }

  /** Takes back an array that nobody uses any more. */
  public void giveBack(byte[] array) {
    lock.lock();
    try {
      if (spare.size() < maxSpare) {
        spare.addLast(array);
      }
    } finally {
      lock.unlock();
    }
  }
}
