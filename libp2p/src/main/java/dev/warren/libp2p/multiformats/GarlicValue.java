package dev.warren.libp2p.multiformats;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * An I2P destination, whole in base64 with I2P's own alphabet, or hashed in base32. See the I2P
 * specifications "Common Structures" and "B32 for Encrypted Leasesets".
 */
record GarlicValue(BaseCodec codec, IntPredicate isLength) implements ValueCodec {
  /** A destination has 387 bytes or more; other implementations let one less pass. */
  static GarlicValue base64() {
    Alphabet alphabet =
        Alphabet.of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-~");
    BitCodec codec = new BitCodec(alphabet, true).ignoringLeftOverBits();
    return new GarlicValue(codec, bytes -> bytes >= 386);
  }

  /** A hash of 32 bytes, or what names an encrypted lease set, which has at least 35. */
  static GarlicValue base32() {
    Alphabet alphabet = Alphabet.anyCase("abcdefghijklmnopqrstuvwxyz234567");
    BitCodec codec = new BitCodec(alphabet, false).ignoringLeftOverBits();
    return new GarlicValue(codec, bytes -> bytes == 32 || bytes >= 35);
  }

  @Override
  public byte[] parse(String text) {
    byte[] bytes = codec.decode(text, 0);
    validate(bytes, 0, bytes.length);
    return bytes;
  }

  @Override
  public void validate(byte[] bytes, int from, int to) {
    if (!isLength.test(to - from)) {
      throw new MalformedException((to - from) + " bytes are no I2P address");
    }
  }

  @Override
  public String format(byte[] bytes, int from, int to) {
    return codec.encode(Arrays.copyOfRange(bytes, from, to));
  }
}
