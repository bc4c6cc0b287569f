package dev.warren.libp2p.multiformats;

/**
 * A name: of a host, of a network interface. Not empty, and without the slash that would end it.
 */
record NameValue() implements ValueCodec {
  @Override
  public byte[] parse(String text) {
    byte[] bytes = PrintableText.encode(text);
    requireName(bytes, 0, bytes.length);
    return bytes;
  }

  @Override
  public void validate(byte[] bytes, int from, int to) {
    requireName(bytes, from, to);
    PrintableText.validate(bytes, from, to);
  }

  @Override
  public String format(byte[] bytes, int from, int to) {
    return PrintableText.decode(bytes, from, to);
  }

  private static void requireName(byte[] bytes, int from, int to) {
    if (from == to) {
      throw new MalformedException("a name is not empty");
    }
    for (int i = from; i < to; i++) {
      if (bytes[i] == '/') {
        throw new MalformedException("a name has no '/' in it");
      }
    }
  }
}
