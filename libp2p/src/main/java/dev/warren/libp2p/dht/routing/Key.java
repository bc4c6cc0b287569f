package dev.warren.libp2p.dht.routing;

import dev.warren.libp2p.identity.PeerId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A place in the key space: the SHA-256 of a peer's id or of what a record is stored under. The
 * distance of two is their XOR, read as a number (libp2p/specs kad-dht, "Distance").
 *
 * <p>Four words and no array, since tables and look-ups compare keys more than anything else.
 */
public final class Key implements Comparable<Key> {
  /** Bits of a key. */
  public static final int BITS = 256;

  /** Bytes of a key. */
  public static final int BYTES = BITS / Byte.SIZE;

  private static final Key ZERO = new Key(0, 0, 0, 0);

  private final long first;
  private final long second;
  private final long third;
  private final long fourth;

  private Key(long first, long second, long third, long fourth) {
    this.first = first;
    this.second = second;
    this.third = third;
    this.fourth = fourth;
  }

  /** The place of a record. */
  public static Key of(byte[] preimage) {
    try {
      return fromBytes(MessageDigest.getInstance("SHA-256").digest(preimage));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** The place of a peer. */
  public static Key of(PeerId peer) {
    return of(peer.toBytes());
  }

  /** A place that is known already. */
  public static Key fromBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("a key has " + BYTES + " bytes, not " + bytes.length);
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return new Key(in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  /** The 32 bytes. */
  public byte[] toBytes() {
    return ByteBuffer.allocate(BYTES)
        .putLong(first)
        .putLong(second)
        .putLong(third)
        .putLong(fourth)
        .array();
  }

  /** The number of leading bits that both have; {@link #BITS} for the same key. */
  public int commonPrefixLength(Key other) {
    if (first != other.first) {
      return Long.numberOfLeadingZeros(first ^ other.first);
    }
    if (second != other.second) {
      return 64 + Long.numberOfLeadingZeros(second ^ other.second);
    }
    if (third != other.third) {
      return 128 + Long.numberOfLeadingZeros(third ^ other.third);
    }
    return 192 + Long.numberOfLeadingZeros(fourth ^ other.fourth);
  }

  /** Negative when {@code one} is nearer to this key than {@code other} is. */
  public int compareDistances(Key one, Key other) {
    int order = Long.compareUnsigned(first ^ one.first, first ^ other.first);
    if (order == 0) {
      order = Long.compareUnsigned(second ^ one.second, second ^ other.second);
    }
    if (order == 0) {
      order = Long.compareUnsigned(third ^ one.third, third ^ other.third);
    }
    if (order == 0) {
      order = Long.compareUnsigned(fourth ^ one.fourth, fourth ^ other.fourth);
    }
    return order;
  }

  /** The distance as a share of the whole space, in [0, 1). */
  public double distanceTo(Key other) {
    // A double holds 53 bits; no network has so many peers that it would matter.
    return ((first ^ other.first) >>> 11) * 0x1p-53;
  }

  /** Where in the space this is, in [0, 1). */
  public double position() {
    return (first >>> 11) * 0x1p-53;
  }

  /** The key that differs in this one bit. */
  public Key withFlipped(int index) {
    long mask = Long.MIN_VALUE >>> index;
    return switch (index / Long.SIZE) {
      case 0 -> new Key(first ^ mask, second, third, fourth);
      case 1 -> new Key(first, second ^ mask, third, fourth);
      case 2 -> new Key(first, second, third ^ mask, fourth);
      default -> new Key(first, second, third, fourth ^ mask);
    };
  }

  /** In the order of the space, from zero up. */
  @Override
  public int compareTo(Key other) {
    return ZERO.compareDistances(this, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Key that
        && first == that.first
        && second == that.second
        && third == that.third
        && fourth == that.fourth;
  }

  /** The bits of a hash are a hash; the lowest, since keys that are compared share the highest. */
  @Override
  public int hashCode() {
    return (int) fourth;
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(toBytes());
  }
}
