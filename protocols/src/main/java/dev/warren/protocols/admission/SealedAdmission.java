package dev.warren.protocols.admission;

import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;

/** The name and key of a share, under the key that an exchange of words has yielded. */
final class SealedAdmission {
  /** One length for all, so that nothing is to be learnt from it. */
  static final int BYTES = 1 + ShareId.MAX_CHARACTERS + ShareKey.BYTES + 16;

  private static final byte[] LABEL = "warren pake 1 share".getBytes(StandardCharsets.US_ASCII);

  /** The key seals nothing else, so one nonce is enough. */
  private static final GCMParameterSpec NONCE = new GCMParameterSpec(128, new byte[12]);

  private SealedAdmission() {}

  static byte[] seal(byte[] sharedKey, Admitted admitted) {
    byte[] id = admitted.share().text().getBytes(StandardCharsets.US_ASCII);
    byte[] plain = new byte[BYTES - 16];
    plain[0] = (byte) id.length;
    System.arraycopy(id, 0, plain, 1, id.length);
    byte[] key = admitted.key().toBytes();
    System.arraycopy(key, 0, plain, 1 + ShareId.MAX_CHARACTERS, key.length);
    try {
      return cipher(Cipher.ENCRYPT_MODE, sharedKey).doFinal(plain);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  static Admitted open(byte[] sharedKey, byte[] sealed) throws IOException {
    try {
      return read(cipher(Cipher.DECRYPT_MODE, sharedKey).doFinal(sealed));
    } catch (AEADBadTagException e) {
      throw unreadable(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has AES-GCM", e);
    }
  }

  /** What is sealed: {@link #BYTES} without the tag. */
  static Admitted read(byte[] plain) throws IOException {
    try {
      String id = new String(plain, 1, plain[0], StandardCharsets.US_ASCII);
      byte[] key = Arrays.copyOfRange(plain, 1 + ShareId.MAX_CHARACTERS, plain.length);
      return new Admitted(new ShareId(id), ShareKey.of(key));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw unreadable(e);
    }
  }

  private static IOException unreadable(Exception cause) {
    return new IOException("the sharer sent something else than the key of its share", cause);
  }

  private static Cipher cipher(int mode, byte[] sharedKey) throws GeneralSecurityException {
    HKDFParameterSpec derivation =
        HKDFParameterSpec.ofExtract().addIKM(sharedKey).thenExpand(LABEL, 32);
    SecretKey key = KDF.getInstance("HKDF-SHA256").deriveKey("AES", derivation);
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, NONCE);
    return cipher;
  }
}
