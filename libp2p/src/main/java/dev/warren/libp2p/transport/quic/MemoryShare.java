package dev.warren.libp2p.transport.quic;

import dev.warren.libp2p.transport.MemoryBudget;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the streams of one connection hold of the memory that all connections have. Nobody is
 * refused, since what is held here was let in by another bound; but who may do without asks whether
 * there is room.
 */
final class MemoryShare {
  private final MemoryBudget all;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private long heldBytes; // guarded by lock
  private long reservedBytes; // guarded by lock

  /**
   * @param maxBytes from which on there is no room, whatever others hold
   */
  MemoryShare(MemoryBudget all, long maxBytes) {
    this.all = all;
    this.maxBytes = maxBytes;
  }

  void add(int bytes) {
    lock.lock();
    try {
      heldBytes += bytes;
      if (all.reserve(bytes)) {
        reservedBytes += bytes;
      }
    } finally {
      lock.unlock();
    }
  }

  void remove(int bytes) {
    lock.lock();
    try {
      heldBytes -= bytes;
      long back = Math.max(0, reservedBytes - heldBytes);
      reservedBytes -= back;
      all.release(back);
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing is held that there was no memory for, and not too much. */
  boolean hasRoom() {
    lock.lock();
    try {
      return heldBytes < maxBytes && heldBytes == reservedBytes;
    } finally {
      lock.unlock();
    }
  }
}
