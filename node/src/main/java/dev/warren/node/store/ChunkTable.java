package dev.warren.node.store;

import dev.warren.protocols.transfer.content.ChunkHash;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Finds the ordinal of a hash, in about twelve bytes of memory for each chunk. Of the hashes it
 * keeps 32 bits, and asks for the whole where those agree. Not safe for threads.
 *
 * <p>An index in the database would do as well, but hashes come in no order, so that each would
 * touch another page of it.
 */
final class ChunkTable {
  /** Knows the hash of every chunk that was added. */
  @FunctionalInterface
  interface Hashes {
    ChunkHash of(long ordinal) throws StoreException;
  }

  /** The first bits of each hash, by ordinal. */
  private int[] prefixes = new int[1024];

  private int size;

  /** Ordinals plus one, each at the first free place from where its hash points to; 0 is free. */
  private int[] slots = new int[2 * prefixes.length];

  long size() {
    return size;
  }

  /** Adds the hash of the next ordinal. */
  void add(ChunkHash hash) {
    if (size == prefixes.length) {
      prefixes = Arrays.copyOf(prefixes, size + size / 2);
    }
    prefixes[size++] = prefix(hash);
    if (size > slots.length / 4L * 3) {
      slots = new int[0]; // Not needed to make the next, and large.
      slots = new int[2 * prefixes.length];
      for (int i = 0; i < size; i++) {
        place(i);
      }
    } else {
      place(size - 1);
    }
  }

  /** The ordinal that has this hash. */
  OptionalLong find(ChunkHash hash, Hashes hashes) throws StoreException {
    int prefix = prefix(hash);
    for (int slot = first(prefix); slots[slot] != 0; slot = next(slot)) {
      int ordinal = slots[slot] - 1;
      if (prefixes[ordinal] == prefix && hashes.of(ordinal).equals(hash)) {
        return OptionalLong.of(ordinal);
      }
    }
    return OptionalLong.empty();
  }

  private void place(int ordinal) {
    int slot = first(prefixes[ordinal]);
    while (slots[slot] != 0) {
      slot = next(slot);
    }
    slots[slot] = ordinal + 1;
  }

  private int first(int prefix) {
    return (int) ((Integer.toUnsignedLong(prefix) * slots.length) >>> Integer.SIZE);
  }

  private int next(int slot) {
    return slot + 1 == slots.length ? 0 : slot + 1;
  }

  private static int prefix(ChunkHash hash) {
    return (int) (hash.prefix() >>> Integer.SIZE);
  }
}
