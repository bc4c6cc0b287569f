package dev.warren.sharecodes;

import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multibase;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/** The key of AES-256-GCM that a share's content is encrypted under. Its text form hides it. */
public final class ShareKey {
  /** Length of every key. */
  public static final int BYTES = 32;

  private final byte[] bytes;

  private ShareKey(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A new key. */
  public static ShareKey generate(SecureRandom random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return new ShareKey(bytes);
  }

  /**
   * The key of these bytes.
   *
   * @throws IllegalArgumentException if they are not 32
   */
  public static ShareKey of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "an encryption key has %d bytes, not %d".formatted(BYTES, bytes.length));
    }
    return new ShareKey(bytes.clone());
  }

  /** A key in base64 of either alphabet; the message of what is thrown does not quote it. */
  static ShareKey ofBase64(String text) {
    byte[] bytes;
    try {
      bytes = Base64Text.decode(text);
    } catch (MalformedException e) {
      throw new IllegalArgumentException("the encryption key is not base64", e);
    }
    return of(bytes);
  }

  /** A copy of the key. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  String toBase64() {
    return Multibase.BASE64PAD.encodeBare(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ShareKey that && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "ShareKey[hidden]";
  }
}
