package dev.warren.sharecodes.pake;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.spec.AlgorithmParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is made of the code before the exchange, and of the common point after it; exactly as in
 * docs/protocols/share-codes.md, "Keys".
 *
 * <p>The confirmations are MACs of all that was said (RFC 8236, section 5, leaves the method open),
 * so that any changed bit of any message is found, whatever the rounds themselves would find.
 */
final class KeySchedule {
  static final int CONFIRMATION_BYTES = 32;

  private static final String PASSWORD_LABEL = "warren pake 1 password";
  private static final String TRANSCRIPT_LABEL = "warren pake 1 transcript";
  private static final String RECEIVER_LABEL = "warren pake 1 receiver confirms";
  private static final String SHARER_LABEL = "warren pake 1 sharer confirms";
  private static final String KEY_LABEL = "warren pake 1 key";
  private static final int KEY_BYTES = 32;

  private final byte[] keyingMaterial;
  private final byte[] transcript;

  /**
   * The keys of an exchange.
   *
   * @param rounds messages in the order in which they were sent, without the confirmations
   */
  KeySchedule(PakeBinding binding, byte[] keyingMaterial, byte[]... rounds) {
    byte[][] parts = {
      utf8(TRANSCRIPT_LABEL),
      binding.receiver().toBytes(),
      binding.sharer().toBytes(),
      binding.rendezvousKey()
    };
    byte[][] all = Arrays.copyOf(parts, parts.length + rounds.length);
    System.arraycopy(rounds, 0, all, parts.length, rounds.length);
    this.keyingMaterial = keyingMaterial.clone();
    this.transcript = hash(all);
  }

  /**
   * What stands for the secret in the exchange. The rendezvous key is in it, so that the same last
   * words behind another number are another password. Written in hexadecimal it is 512 bits, so
   * that it spreads evenly over the order of the curve.
   */
  static byte[] password(PakeBinding binding, byte[] secret) {
    byte[] hash = hash(utf8(PASSWORD_LABEL), binding.rendezvousKey(), secret);
    return utf8(HexFormat.of().formatHex(hash));
  }

  /** What the receiver has to send. */
  byte[] receiverConfirmation() {
    return mac(derive(RECEIVER_LABEL), transcript);
  }

  /** What the sharer has to send. */
  byte[] sharerConfirmation() {
    return mac(derive(SHARER_LABEL), transcript);
  }

  /** What both then have. */
  byte[] sharedKey() {
    return derive(KEY_LABEL);
  }

  /** SHA-256 of the parts, each behind its length in four bytes. */
  private static byte[] hash(byte[]... parts) {
    MessageDigest digest = sha256();
    for (byte[] part : parts) {
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
      digest.update(part);
    }
    return digest.digest();
  }

  /** RFC 5869 with SHA-256. */
  private byte[] derive(String label) {
    AlgorithmParameterSpec parameters =
        HKDFParameterSpec.ofExtract()
            .addIKM(keyingMaterial)
            .addSalt(transcript)
            .thenExpand(utf8(label), KEY_BYTES);
    try {
      return KDF.getInstance("HKDF-SHA256").deriveData(parameters);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HKDF", e);
    }
  }

  private static byte[] mac(byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HMAC", e);
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
