package dev.warren.protocols.transfer.content;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A set of ordinals as bits. Whoever asks takes no lock, and sees what was done before an ordinal
 * was added when it sees the ordinal; those who add take one, for a moment.
 */
public final class GrowingChunkSet implements ChunkSet {
  /** Ordinals are below this: as many bits as the longest bitmap has, for 16 TiB of content. */
  public static final long MAX_CHUNKS = 1L << 26;

  /** The longest bitmap. */
  public static final int MAX_BITMAP_BYTES = (int) (MAX_CHUNKS / Byte.SIZE);

  private static final VarHandle ELEMENT = MethodHandles.arrayElementVarHandle(long[].class);

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Runnable> subscribers = new CopyOnWriteArrayList<>();

  /** Written under the lock, and read without it. */
  private volatile long[] words = {};

  private final AtomicLong size = new AtomicLong();

  /** An empty set. */
  public GrowingChunkSet() {}

  /**
   * The set that a bitmap stands for.
   *
   * @throws IllegalArgumentException if it is longer than {@value #MAX_BITMAP_BYTES} bytes
   */
  public static GrowingChunkSet ofBitmap(byte[] bitmap) {
    if (bitmap.length > MAX_BITMAP_BYTES) {
      throw new IllegalArgumentException("a bitmap of " + bitmap.length + " bytes");
    }
    BitSet bits = BitSet.valueOf(bitmap);
    GrowingChunkSet set = new GrowingChunkSet();
    set.words = bits.toLongArray();
    set.size.set(bits.cardinality());
    return set;
  }

  /**
   * Adds an ordinal.
   *
   * @return whether it was not there before
   * @throws IllegalArgumentException if it is not between 0 and {@link #MAX_CHUNKS}
   */
  public boolean add(long ordinal) {
    return add(new OrdinalRange(ordinal, 1));
  }

  /**
   * Adds all ordinals of a range.
   *
   * @return whether one of them was not there before
   */
  public boolean add(OrdinalRange range) {
    lock.lock();
    try {
      long added = 0;
      long[] grown = withRoomFor(range.end());
      for (long ordinal = range.first(); ordinal < range.end(); ) {
        int index = (int) (ordinal / Long.SIZE);
        long next = Math.min((index + 1L) * Long.SIZE, range.end());
        // Shifts count modulo 64: this has the bits from the ordinal up to the next one.
        long bits = (-1L << ordinal) & (-1L >>> -next);
        long word = grown[index];
        ELEMENT.setRelease(grown, index, word | bits);
        added += Long.bitCount(bits & ~word);
        ordinal = next;
      }
      if (added == 0) {
        return false;
      }
      size.addAndGet(added);
    } finally {
      lock.unlock();
    }
    subscribers.forEach(Runnable::run);
    return true;
  }

  private long[] withRoomFor(long end) {
    int needed = (int) ((end + Long.SIZE - 1) / Long.SIZE);
    if (needed > words.length) {
      words = Arrays.copyOf(words, Math.max(needed, words.length + words.length / 2));
    }
    return words;
  }

  @Override
  public boolean everything() {
    return false;
  }

  @Override
  public boolean contains(long ordinal) {
    long[] now = words;
    long index = ordinal / Long.SIZE;
    return ordinal >= 0
        && index < now.length
        && ((long) ELEMENT.getAcquire(now, (int) index) & (1L << ordinal)) != 0;
  }

  @Override
  public long size() {
    return size.get();
  }

  @Override
  public Subscription onGrowth(Runnable action) {
    subscribers.add(action);
    return () -> subscribers.remove(action);
  }

  @Override
  public byte[] toBitmap() {
    lock.lock();
    try {
      return BitSet.valueOf(words).toByteArray();
    } finally {
      lock.unlock();
    }
  }
}
