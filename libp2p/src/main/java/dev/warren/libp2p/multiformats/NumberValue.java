package dev.warren.libp2p.multiformats;

/** A decimal number, big-endian in the given number of bytes: a port, a prefix length. */
record NumberValue(int bytes) implements ValueCodec {
  @Override
  public byte[] parse(String text) {
    long value = parseUnsigned(text, bytes);
    byte[] out = new byte[bytes];
    for (int i = bytes - 1; i >= 0; i--) {
      out[i] = (byte) value;
      value >>>= 8;
    }
    return out;
  }

  @Override
  public void validate(byte[] bytes, int from, int to) {
    // Every value of the right size is a number.
  }

  @Override
  public String format(byte[] bytes, int from, int to) {
    return Long.toUnsignedString(read(bytes, from, to));
  }

  static long read(byte[] bytes, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      value = (value << 8) | (bytes[i] & 0xff);
    }
    return value;
  }

  /** Reads ASCII digits, no sign, of a number that fits into so many bytes. */
  static long parseUnsigned(String text, int bytes) {
    long max = -1L >>> (64 - 8 * bytes);
    long value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw new MalformedException(MalformedException.quote(text) + " is not a decimal number");
      }
      if (Long.compareUnsigned(value, Long.divideUnsigned(max - digit, 10)) > 0) {
        throw new MalformedException(
            "%s is greater than %s"
                .formatted(MalformedException.quote(text), Long.toUnsignedString(max)));
      }
      value = value * 10 + digit;
    }
    if (text.isEmpty()) {
      throw new MalformedException("a number has at least one digit");
    }
    return value;
  }
}
