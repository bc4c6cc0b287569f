package dev.warren.protocols.transfer.content;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-256-GCM with a nonce that counts, for one direction of one stream. */
final class BoxCipher {
  static final int KEY_BYTES = 32;

  private static final int NONCE_BYTES = 12;

  private final int mode;
  private final SecretKeySpec key;
  private final Cipher cipher;
  private final ByteBuffer nonce = ByteBuffer.allocate(NONCE_BYTES);
  private long boxes;

  /**
   * Begins with a box.
   *
   * @param mode of {@link Cipher}
   * @param firstBox the number of the first box
   */
  BoxCipher(int mode, byte[] key, long firstBox) {
    if (key.length != KEY_BYTES) {
      throw new IllegalArgumentException("a key of " + key.length + " bytes");
    }
    this.mode = mode;
    this.key = new SecretKeySpec(key, "AES");
    boxes = firstBox;
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java has it", e);
    }
  }

  /**
   * Seals or opens the next box.
   *
   * @return how many bytes are in {@code to}
   * @throws AEADBadTagException if it is not the one that was sealed
   */
  int apply(byte[] from, int fromOffset, int length, byte[] to, int toOffset)
      throws AEADBadTagException {
    if (boxes < 0) {
      throw new IllegalStateException("2^63 boxes on one stream");
    }
    try {
      nonce.putLong(Integer.BYTES, boxes++);
      cipher.init(mode, key, new GCMParameterSpec(BoxLayout.TAG_BYTES * Byte.SIZE, nonce.array()));
      return cipher.doFinal(from, fromOffset, length, to, toOffset);
    } catch (AEADBadTagException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("nothing here depends on what was received", e);
    }
  }
}
