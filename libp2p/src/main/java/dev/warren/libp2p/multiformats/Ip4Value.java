package dev.warren.libp2p.multiformats;

/**
 * An IPv4 address in dotted decimal form.
 *
 * <p>Octets have no leading zeros: some readers take those for octal, so that one text would mean
 * two addresses.
 */
record Ip4Value() implements ValueCodec {
  static final int BYTES = 4;

  @Override
  public byte[] parse(String text) {
    byte[] out = new byte[BYTES];
    parse(text, 0, out, 0);
    return out;
  }

  @Override
  public void validate(byte[] bytes, int from, int to) {
    // Every value of the right size is an address.
  }

  @Override
  public String format(byte[] bytes, int from, int to) {
    StringBuilder out = new StringBuilder(15);
    append(bytes, from, out);
    return out.toString();
  }

  static void append(byte[] bytes, int from, StringBuilder out) {
    out.append(bytes[from] & 0xff);
    for (int i = from + 1; i < from + BYTES; i++) {
      out.append('.').append(bytes[i] & 0xff);
    }
  }

  /** Parses what the text holds from the index on. */
  static void parse(String text, int index, byte[] out, int offset) {
    int at = index;
    for (int octet = 0; octet < BYTES; octet++) {
      if (octet > 0) {
        require(at < text.length() && text.charAt(at) == '.', text);
        at++;
      }
      int first = at;
      int value = 0;
      while (at < text.length() && isDigit(text.charAt(at)) && at < first + 3) {
        value = value * 10 + text.charAt(at++) - '0';
      }
      boolean leadingZero = at > first + 1 && text.charAt(first) == '0';
      require(at > first && value <= 0xff && !leadingZero, text);
      out[offset + octet] = (byte) value;
    }
    require(at == text.length(), text);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static void require(boolean condition, String text) {
    if (!condition) {
      throw new MalformedException(MalformedException.quote(text) + " is not an IPv4 address");
    }
  }
}
