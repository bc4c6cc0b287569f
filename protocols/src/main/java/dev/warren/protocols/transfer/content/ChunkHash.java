package dev.warren.protocols.transfer.content;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;

/** The SHA-256 of a chunk, which is its name. */
public final class ChunkHash {
  /** Length of every hash. */
  public static final int BYTES = 32;

  private static final VarHandle WORDS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;

  private ChunkHash(byte[] bytes) {
    this.bytes = bytes;
  }

  /** The hash that begins at an offset of an array. */
  public static ChunkHash of(byte[] array, int offset) {
    return new ChunkHash(Arrays.copyOfRange(array, offset, offset + BYTES));
  }

  /**
   * The hash of these bytes.
   *
   * @throws IllegalArgumentException if they are not 32
   */
  public static ChunkHash of(byte[] hash) {
    if (hash.length != BYTES) {
      throw new IllegalArgumentException(
          "a chunk's hash has %d bytes, not %d".formatted(BYTES, hash.length));
    }
    return of(hash, 0);
  }

  /** Whether it is this one; for arrays that are used again and again. */
  public boolean matches(byte[] hash) {
    return Arrays.equals(bytes, hash);
  }

  /** A copy of the hash. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  /** The first eight bytes as a number, for indexes and tables. */
  public long prefix() {
    return ((long) word(0) << Integer.SIZE) | Integer.toUnsignedLong(word(1));
  }

  /** One of the eight numbers of four bytes that it consists of. */
  int word(int index) {
    return (int) WORDS.get(bytes, index * Integer.BYTES);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ChunkHash that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(prefix());
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
