package dev.warren.libp2p.multiformats;

/**
 * The path of a Unix socket, which takes all the rest of the address, slashes included.
 *
 * <p>It begins with a slash and does not end in one, since slashes at the end of an address mean
 * nothing.
 */
record UnixPathValue() implements ValueCodec {
  @Override
  public byte[] parse(String text) {
    byte[] bytes = PrintableText.encode(text);
    requirePath(bytes, 0, bytes.length);
    return bytes;
  }

  @Override
  public void validate(byte[] bytes, int from, int to) {
    requirePath(bytes, from, to);
    PrintableText.validate(bytes, from, to);
  }

  @Override
  public String format(byte[] bytes, int from, int to) {
    return PrintableText.decode(bytes, from, to);
  }

  private static void requirePath(byte[] bytes, int from, int to) {
    if (to - from < 2 || bytes[from] != '/' || bytes[to - 1] == '/') {
      throw new MalformedException("a path begins with '/', does not end in it, and is not empty");
    }
  }
}
