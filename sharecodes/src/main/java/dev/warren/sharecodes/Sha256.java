package dev.warren.sharecodes;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 that says what it is for, so that no hash of one purpose is one of another. */
final class Sha256 {
  private Sha256() {}

  /** The hash of the domain's name, a zero byte and the content. */
  static byte[] labelled(String domain, byte[] content) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(domain.getBytes(StandardCharsets.US_ASCII));
      digest.update((byte) 0);
      return digest.digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }
}
