package dev.warren.node.store;

import dev.warren.protocols.transfer.content.ChunkSet;
import dev.warren.protocols.transfer.content.Subscription;
import java.util.BitSet;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A set of chunks in memory, one bit for each, of which a {@link ShareDatabase} keeps a copy. Safe
 * for many threads.
 */
public final class ChunkBitmap implements ChunkSet {
  /** What is written at a time: a page with one new bit in it. */
  static final int PAGE_BITS = 8 * 1024;

  private final ChunkMark mark;
  private final Growth growth = new Growth();
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock. */
  private final BitSet bits;

  /** The pages that differ from those on disk. Guarded by the lock. */
  private final BitSet dirty = new BitSet();

  /** Guarded by the lock. */
  private long size;

  ChunkBitmap(ChunkMark mark, BitSet bits) {
    this.mark = mark;
    this.bits = bits;
    this.size = bits.cardinality();
  }

  ChunkMark mark() {
    return mark;
  }

  @Override
  public boolean everything() {
    return false;
  }

  @Override
  public boolean contains(long ordinal) {
    lock.lock();
    try {
      return bits.get(Math.toIntExact(ordinal));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long size() {
    lock.lock();
    try {
      return size;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Adds a chunk.
   *
   * @return whether it was not there before
   */
  public boolean add(long ordinal) {
    lock.lock();
    try {
      int bit = Math.toIntExact(ordinal);
      if (bits.get(bit)) {
        return false;
      }
      bits.set(bit);
      dirty.set(bit / PAGE_BITS);
      size++;
    } finally {
      lock.unlock();
    }
    growth.happened();
    return true;
  }

  /** Adds all of these. */
  public void addAll(BitSet ordinals) {
    lock.lock();
    try {
      BitSet added = (BitSet) ordinals.clone();
      added.andNot(bits);
      if (added.isEmpty()) {
        return;
      }
      bits.or(added);
      size += added.cardinality();
      for (int bit = added.nextSetBit(0); bit >= 0; ) {
        int page = bit / PAGE_BITS;
        dirty.set(page);
        bit = added.nextSetBit((page + 1) * PAGE_BITS);
      }
    } finally {
      lock.unlock();
    }
    growth.happened();
  }

  /**
   * Takes a chunk out, whose content turned out not to be what it was.
   *
   * @return whether it was there
   */
  public boolean remove(long ordinal) {
    lock.lock();
    try {
      int bit = Math.toIntExact(ordinal);
      if (!bits.get(bit)) {
        return false;
      }
      bits.clear(bit);
      dirty.set(bit / PAGE_BITS);
      size--;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The set as it is now. */
  public BitSet copy() {
    lock.lock();
    try {
      return (BitSet) bits.clone();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Subscription onGrowth(Runnable action) {
    return growth.subscribe(action);
  }

  @Override
  public byte[] toBitmap() {
    lock.lock();
    try {
      return bits.toByteArray();
    } finally {
      lock.unlock();
    }
  }

  /** The pages that differ from those on disk, which from now on they do not. */
  BitSet takeDirty() {
    lock.lock();
    try {
      BitSet taken = (BitSet) dirty.clone();
      dirty.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Pages that could not be written after all. */
  void putBackDirty(BitSet pages) {
    lock.lock();
    try {
      dirty.or(pages);
    } finally {
      lock.unlock();
    }
  }

  byte[] page(int page) {
    lock.lock();
    try {
      return bits.get(page * PAGE_BITS, (page + 1) * PAGE_BITS).toByteArray();
    } finally {
      lock.unlock();
    }
  }
}
