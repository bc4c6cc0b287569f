package dev.warren.protocols.transfer.content;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Says where content is cut into chunks: FastCDC (Xia et al., "The Design of Fast Content-Defined
 * Chunking", 2020). What the paper leaves open is fixed in docs/protocols/transfer.md, since two
 * who cut alike have chunks in common.
 *
 * <p>A gear hash rolls over the bytes: each step shifts it left by one and adds a random number
 * that belongs to the byte. So its highest bit depends on the last 64 bytes and nothing else, and a
 * chunk ends where its highest bits are all zero: {@value #BITS_BEFORE_NORMAL} of them as long as
 * the chunk is shorter than is normal, {@value #BITS_AFTER_NORMAL} from there on, which brings most
 * lengths near it. The paper scatters the bits it looks at; the highest ones do as well, since the
 * lowest of them still depends on more than 40 bytes.
 */
public final class Chunker {
  /** No chunk but the last of a file is shorter. */
  public static final int MIN_BYTES = 64 << 10;

  /** What the length of chunks is normalised to. */
  static final int NORMAL_BYTES = 224 << 10;

  private static final int BITS_BEFORE_NORMAL = 18;
  private static final int BITS_AFTER_NORMAL = 17;

  /** How far the hash sees. */
  private static final int WINDOW_BYTES = Long.SIZE;

  private static final String SEED = "warren gear 1";
  private static final long[] GEAR = gear();

  private static final byte[] ZEROS = new byte[Chunk.MAX_BYTES];

  private Chunker() {}

  /**
   * The length of the chunk that begins at an offset.
   *
   * @param available how many bytes of content there are from there on: at least {@link
   *     Chunk#MAX_BYTES}, or else all that is left of the file
   * @return at most that; 0 only if that is 0
   */
  public static int cut(byte[] array, int offset, int available) {
    int most = Math.min(available, Chunk.MAX_BYTES);
    if (most <= MIN_BYTES || isZeros(array, offset, available)) {
      return most;
    }
    int normal = offset + Math.min(NORMAL_BYTES, most);
    int end = find(array, offset + MIN_BYTES, normal, BITS_BEFORE_NORMAL);
    if (end < 0) {
      end = find(array, normal, offset + most, BITS_AFTER_NORMAL);
    }
    return end < 0 ? most : end - offset;
  }

  /** Whether a chunk of the greatest length can be had that is zeros and nothing else. */
  public static boolean isZeros(byte[] array, int offset, int available) {
    return available >= Chunk.MAX_BYTES
        && Arrays.equals(array, offset, offset + Chunk.MAX_BYTES, ZEROS, 0, Chunk.MAX_BYTES);
  }

  /**
   * The first end of a chunk after {@code from} and up to {@code to}, or a negative number.
   *
   * <p>The loop is left as plain as it is: taking two bytes in a step, as the paper does, or eight
   * in one load halves its speed on HotSpot, which unrolls this one.
   */
  private static int find(byte[] array, int from, int to, int bits) {
    long hash = 0;
    // What is before the window is shifted out of the hash, so it need not be carried from call to
    // call, and where a chunk ends does not depend on where it began.
    for (int i = from - WINDOW_BYTES; i < from; i++) {
      hash = (hash << 1) + GEAR[array[i] & 0xff];
    }
    long mask = -1L << (Long.SIZE - bits);
    for (int i = from; i < to; i++) {
      hash = (hash << 1) + GEAR[array[i] & 0xff];
      if ((hash & mask) == 0) {
        return i + 1;
      }
    }
    return -1;
  }

  private static long[] gear() {
    MessageDigest sha256 = Sha256.digest();
    long[] gear = new long[1 << Byte.SIZE];
    for (int b = 0; b < gear.length; b++) {
      sha256.update(SEED.getBytes(StandardCharsets.US_ASCII));
      sha256.update((byte) 0);
      gear[b] = ChunkHash.of(sha256.digest(new byte[] {(byte) b})).prefix();
    }
    return gear;
  }
}
