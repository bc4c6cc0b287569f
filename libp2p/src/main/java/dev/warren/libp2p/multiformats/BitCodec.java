package dev.warren.libp2p.multiformats;

/**
 * A base whose digits carry whole bits: RFC 4648 and its relatives.
 *
 * <p>Decoding accepts exactly what encoding writes (and the other case where the base allows it):
 * left-over bits have to be zero and padding complete, see RFC 4648 section 3.5, so that no two
 * texts of one case mean the same bytes. {@link #ignoringLeftOverBits} is for a text form of others
 * that never demanded it.
 */
record BitCodec(Alphabet alphabet, int bits, boolean padded, boolean strict) implements BaseCodec {
  private static final char PAD = '=';

  BitCodec(Alphabet alphabet, boolean padded) {
    this(alphabet, Integer.numberOfTrailingZeros(alphabet.size()), padded, true);
  }

  BitCodec ignoringLeftOverBits() {
    return new BitCodec(alphabet, bits, padded, false);
  }

  @Override
  public String encode(byte[] bytes) {
    long digitCount = digitsFor(bytes.length);
    long length = padded ? Math.ceilDiv(digitCount, groupDigits()) * groupDigits() : digitCount;
    StringBuilder out = new StringBuilder(Math.toIntExact(length));
    int mask = alphabet.size() - 1;
    int buffer = 0;
    int held = 0;
    for (byte b : bytes) {
      buffer = (buffer << 8) | (b & 0xff);
      held += 8;
      while (held >= bits) {
        held -= bits;
        out.append(alphabet.digit((buffer >>> held) & mask));
      }
      buffer &= (1 << held) - 1;
    }
    if (held > 0) {
      out.append(alphabet.digit((buffer << (bits - held)) & mask));
    }
    while (out.length() < length) {
      out.append(PAD);
    }
    return out.toString();
  }

  @Override
  public byte[] decode(String text, int from) {
    int end = padded ? endOfDigits(text, from) : text.length();
    int digitCount = end - from;
    byte[] out = new byte[(int) ((long) digitCount * bits / 8)];
    if (digitsFor(out.length) != digitCount) {
      throw new MalformedException("no whole bytes take " + digitCount + " digits of this base");
    }
    int buffer = 0;
    int held = 0;
    int at = 0;
    for (int i = from; i < end; i++) {
      buffer = (buffer << bits) | alphabet.valueAt(text, i);
      held += bits;
      if (held >= 8) {
        held -= 8;
        out[at++] = (byte) (buffer >>> held);
        buffer &= (1 << held) - 1;
      }
    }
    if (strict && buffer != 0) {
      throw new MalformedException("left-over bits of the last digit are not zero");
    }
    return out;
  }

  private int endOfDigits(String text, int from) {
    int end = text.length();
    while (end > from && text.charAt(end - 1) == PAD) {
      end--;
    }
    int digits = end - from;
    if (Math.ceilDiv(digits, groupDigits()) * groupDigits() != text.length() - from) {
      throw new MalformedException("padding does not complete a group of " + groupDigits());
    }
    return end;
  }

  private long digitsFor(int byteCount) {
    return Math.ceilDiv(byteCount * 8L, bits);
  }

  /** Digits after which digits and bytes meet; only padded bases ask. */
  private int groupDigits() {
    return bits == 5 ? 8 : 4;
  }
}
