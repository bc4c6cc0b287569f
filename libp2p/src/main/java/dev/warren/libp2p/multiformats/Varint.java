package dev.warren.libp2p.multiformats;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * The unsigned varint of the multiformats: seven bits a byte, the lowest first, the top bit saying
 * that another byte follows.
 *
 * <p>Values are 63 bit and take at most {@value #MAX_BYTES} bytes. A value has exactly one
 * encoding: one that ends in a needless zero byte is refused, or equal values would differ as
 * bytes. See multiformats/unsigned-varint, "Practical maximum of 9 bytes" and "minimally encoded".
 */
public final class Varint {
  /** Bytes that the largest value takes. */
  public static final int MAX_BYTES = 9;

  private Varint() {}

  /** Bytes that the value takes. */
  public static int size(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("a varint is not negative: " + value);
    }
    return value == 0 ? 1 : (63 - Long.numberOfLeadingZeros(value)) / 7 + 1;
  }

  /** Writes the value at the offset and returns the offset after its last byte. */
  public static int write(long value, byte[] out, int offset) {
    if (value < 0) {
      throw new IllegalArgumentException("a varint is not negative: " + value);
    }
    int at = offset;
    long rest = value;
    while (rest > 0x7f) {
      out[at++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    out[at++] = (byte) rest;
    return at;
  }

  /** The value's bytes. */
  public static byte[] encode(long value) {
    byte[] out = new byte[size(value)];
    write(value, out, 0);
    return out;
  }

  /**
   * Reads a value and moves the position behind it; on failure the position stays.
   *
   * @throws MalformedException where the buffer ends within the value, or it is too long, or not
   *     minimal
   */
  public static long read(ByteBuffer in) {
    int start = in.position();
    int available = Math.min(in.remaining(), MAX_BYTES);
    long value = 0;
    for (int i = 0; i < available; i++) {
      byte b = in.get(start + i);
      value |= (b & 0x7fL) << (7 * i);
      if (b >= 0) {
        requireMinimal(b, i);
        in.position(start + i + 1);
        return value;
      }
    }
    if (available == MAX_BYTES) {
      throw tooLong();
    }
    throw new MalformedException("varint is cut short after " + available + " bytes");
  }

  /**
   * Reads a value, one byte at a time and none beyond it.
   *
   * @throws EOFException where the stream ends before or within the value
   * @throws MalformedException where the value is too long or not minimal
   */
  public static long read(InputStream in) throws IOException {
    long value = 0;
    for (int i = 0; i < MAX_BYTES; i++) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("stream ended after " + i + " bytes of a varint");
      }
      value |= (b & 0x7fL) << (7 * i);
      if (b < 0x80) {
        requireMinimal(b, i);
        return value;
      }
    }
    throw tooLong();
  }

  private static void requireMinimal(int lastByte, int index) {
    if (lastByte == 0 && index > 0) {
      throw new MalformedException("varint of " + (index + 1) + " bytes is not minimal");
    }
  }

  private static MalformedException tooLong() {
    return new MalformedException("varint is longer than " + MAX_BYTES + " bytes");
  }
}
