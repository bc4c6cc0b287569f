package dev.warren.protocols.transfer.names;

/**
 * A set of random numbers, eight bytes each in an open-addressed table that is at most four fifths
 * full. Nothing is hashed again: the numbers are as good as hashes.
 */
final class KeyTable {
  private static final int SMALLEST = 1 << 6;

  /** Marks a free slot; the number 0 itself is kept as 1, which no caller notices. */
  private static final long FREE = 0;

  private final int maxKeys;
  private long[] slots = new long[SMALLEST];
  private int size;

  KeyTable(int maxKeys) {
    this.maxKeys = maxKeys;
  }

  boolean isFull() {
    return size == maxKeys;
  }

  boolean contains(long key) {
    return slots[slotOf(key)] != FREE;
  }

  /** Returns whether it was not there before. */
  boolean add(long key) {
    int slot = slotOf(key);
    if (slots[slot] != FREE) {
      return false;
    }
    if (isFull()) {
      throw new IllegalStateException("full");
    }
    slots[slot] = notFree(key);
    size++;
    if (size > slots.length / 5 * 4) {
      grow();
    }
    return true;
  }

  /** Where the key is, or where it would be. */
  private int slotOf(long key) {
    int slot = (int) key & (slots.length - 1);
    while (slots[slot] != FREE && slots[slot] != notFree(key)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private static long notFree(long key) {
    return key == FREE ? 1 : key;
  }

  private void grow() {
    long[] old = slots;
    slots = new long[old.length * 2];
    for (long key : old) {
      if (key != FREE) {
        slots[slotOf(key)] = key;
      }
    }
  }

  long bytes() {
    return (long) slots.length * Long.BYTES;
  }
}
