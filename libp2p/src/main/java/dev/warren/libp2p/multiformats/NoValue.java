package dev.warren.libp2p.multiformats;

/** A protocol that is there or not, without a value. */
record NoValue() implements ValueCodec {
  private static final byte[] NOTHING = {};

  @Override
  public byte[] parse(String text) {
    if (!text.isEmpty()) {
      throw new MalformedException("takes no value");
    }
    return NOTHING;
  }

  @Override
  public void validate(byte[] bytes, int from, int to) {
    // Its size is 0, so nothing is left to check.
  }

  @Override
  public String format(byte[] bytes, int from, int to) {
    return "";
  }
}
