package dev.warren.protocols.transfer.content;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** What chunks are named by. */
final class Sha256 {
  private Sha256() {}

  static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has it", e);
    }
  }
}
