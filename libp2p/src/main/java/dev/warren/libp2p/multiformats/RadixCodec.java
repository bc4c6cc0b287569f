package dev.warren.libp2p.multiformats;

import java.util.Arrays;

/**
 * A base that writes the bytes as one large number, each leading zero byte as one zero digit:
 * base58btc, base36 and base10, see multiformats/multibase rfcs/Base36.md.
 *
 * <p>The work grows with the square of the length, so the length is bounded. Limbs of 32 bits and
 * as many digits at a time as fit into one keep it small for what is common, a peer id of 38 bytes.
 */
final class RadixCodec implements BaseCodec {
  /** Longest byte string either way; addresses, hashes and keys are far below it. */
  static final int MAX_BYTES = 1024;

  private static final long LIMB = 0xffff_ffffL;

  private final Alphabet alphabet;
  private final int radix;

  /** How many digits are handled at a time, and what a number of so many digits stays below. */
  private final int chunkDigits;

  private final int chunkRadix;

  private final double bitsPerDigit;
  private final int maxDigits;

  RadixCodec(Alphabet alphabet) {
    this.alphabet = alphabet;
    this.radix = alphabet.size();
    int digits = 1;
    long power = radix;
    while (power * radix <= Integer.MAX_VALUE) {
      power *= radix;
      digits++;
    }
    this.chunkDigits = digits;
    this.chunkRadix = (int) power;
    this.bitsPerDigit = Math.log(radix) / Math.log(2);
    this.maxDigits = (int) Math.ceil(MAX_BYTES * 8 / bitsPerDigit);
  }

  @Override
  public String encode(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "%d bytes are more than the %d that this base takes".formatted(bytes.length, MAX_BYTES));
    }
    int zeros = 0;
    while (zeros < bytes.length && bytes[zeros] == 0) {
      zeros++;
    }
    int[] number = limbs(bytes, zeros);
    // Whole chunks, so there is room for the zeros of the last one, which are dropped below.
    int room = zeros + (int) Math.ceil((bytes.length - zeros) * 8 / bitsPerDigit) + chunkDigits;
    char[] out = new char[room];
    int at = room;
    int top = 0;
    while (top < number.length) {
      int chunk = divide(number, top);
      for (int i = 0; i < chunkDigits; i++) {
        out[--at] = alphabet.digit(chunk % radix);
        chunk /= radix;
      }
      while (top < number.length && number[top] == 0) {
        top++;
      }
    }
    char zero = alphabet.digit(0);
    while (at < room && out[at] == zero) {
      at++;
    }
    at -= zeros;
    Arrays.fill(out, at, at + zeros, zero);
    return new String(out, at, room - at);
  }

  @Override
  public byte[] decode(String text, int from) {
    int length = text.length() - from;
    if (length > maxDigits) {
      throw new MalformedException(
          "%d digits are more than the %d that this base takes".formatted(length, maxDigits));
    }
    int first = from;
    while (first < text.length() && text.charAt(first) == alphabet.digit(0)) {
      first++;
    }
    int zeros = first - from;
    int[] number = new int[(int) ((length - zeros) * bitsPerDigit / 32) + 1];
    int low = number.length;
    for (int i = first; i < text.length(); ) {
      int scale = 1;
      int chunk = 0;
      // The first chunk takes the odd digits, so that all others are whole.
      int end = i + ((text.length() - i - 1) % chunkDigits + 1);
      for (; i < end; i++) {
        chunk = chunk * radix + alphabet.valueAt(text, i);
        scale *= radix;
      }
      low = multiplyAdd(number, low, scale, chunk);
    }
    byte[] out = bytes(number, zeros);
    if (out.length > MAX_BYTES) {
      throw new MalformedException("the digits mean more than " + MAX_BYTES + " bytes");
    }
    return out;
  }

  private static int[] limbs(byte[] bytes, int from) {
    int[] limbs = new int[Math.ceilDiv(bytes.length - from, 4)];
    int last = bytes.length - 1;
    for (int i = last; i >= from; i--) {
      int place = last - i;
      limbs[limbs.length - 1 - place / 4] |= (bytes[i] & 0xff) << (place % 4 * 8);
    }
    return limbs;
  }

  private static byte[] bytes(int[] limbs, int zeros) {
    int first = 0;
    int total = limbs.length * 4;
    while (first < total && byteAt(limbs, first) == 0) {
      first++;
    }
    byte[] out = new byte[zeros + total - first];
    for (int i = first; i < total; i++) {
      out[zeros + i - first] = byteAt(limbs, i);
    }
    return out;
  }

  private static byte byteAt(int[] limbs, int index) {
    return (byte) (limbs[index / 4] >>> (24 - index % 4 * 8));
  }

  /** Divides the number by the chunk's radix in place and returns the remainder. */
  private int divide(int[] number, int top) {
    long remainder = 0;
    for (int i = top; i < number.length; i++) {
      long dividend = (remainder << 32) | (number[i] & LIMB);
      number[i] = (int) (dividend / chunkRadix);
      remainder = dividend % chunkRadix;
    }
    return (int) remainder;
  }

  /**
   * Multiplies and adds in place; those from {@code low} on are in use; returns the new {@code
   * low}.
   */
  private static int multiplyAdd(int[] number, int low, int factor, int summand) {
    long carry = summand;
    for (int i = number.length - 1; i >= low; i--) {
      long product = (number[i] & LIMB) * factor + carry;
      number[i] = (int) product;
      carry = product >>> 32;
    }
    if (carry == 0) {
      return low;
    }
    number[low - 1] = (int) carry;
    return low - 1;
  }
}
