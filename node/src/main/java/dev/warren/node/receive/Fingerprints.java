package dev.warren.node.receive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;

/**
 * Stands for a set of paths, in 11 to 22 bytes for each: a million have to be remembered. Two paths
 * that had the same fingerprint would only hide one that is extra. For one thread.
 */
final class Fingerprints {
  private static final int FIRST_SLOTS = 1 << 10;

  /** Of a slot that is free. */
  private static final long NONE = 0;

  private final MessageDigest sha256 = Verification.sha256();

  /** Each fingerprint is in the first slot that was free from the one that its lower bits say. */
  private long[] slots = new long[FIRST_SLOTS];

  private int size;

  /** Adds a path; yields whether it was not there. */
  boolean add(Path path) {
    long fingerprint = fingerprint(path);
    int slot = slotOf(slots, fingerprint);
    if (slots[slot] == fingerprint) {
      return false;
    }
    slots[slot] = fingerprint;
    size++;
    if (size > slots.length / 4 * 3) {
      grow();
    }
    return true;
  }

  boolean contains(Path path) {
    long fingerprint = fingerprint(path);
    return slots[slotOf(slots, fingerprint)] == fingerprint;
  }

  boolean isEmpty() {
    return size == 0;
  }

  private void grow() {
    long[] more = new long[slots.length * 2];
    for (long fingerprint : slots) {
      if (fingerprint != NONE) {
        more[slotOf(more, fingerprint)] = fingerprint;
      }
    }
    slots = more;
  }

  /** Where a fingerprint is, or is to be put. */
  private static int slotOf(long[] slots, long fingerprint) {
    int slot = (int) fingerprint & (slots.length - 1);
    while (slots[slot] != NONE && slots[slot] != fingerprint) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private long fingerprint(Path path) {
    byte[] hash = sha256.digest(path.toString().getBytes(StandardCharsets.UTF_8));
    long fingerprint = ByteBuffer.wrap(hash).getLong();
    return fingerprint == NONE ? 1 : fingerprint;
  }
}
