package dev.warren.libp2p.security.noise;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One direction's key and counter (Noise, section 5.1) for ChaCha20-Poly1305 (section 12.3).
 *
 * <p>For one thread at a time. An object is used either to encrypt or to decrypt, never for both.
 */
final class CipherState {
  static final int TAG_BYTES = 16;

  /** The nonce 2^64-1 is not for messages (Noise, section 5.1); as a signed long it is -1. */
  private static final long RESERVED_NONCE = -1L;

  private final Cipher cipher;
  private final SecretKeySpec key;
  private final byte[] iv = new byte[12];
  private final ByteBuffer ivCounter =
      ByteBuffer.wrap(iv, 4, Long.BYTES).slice().order(ByteOrder.LITTLE_ENDIAN);
  private long nonce;

  CipherState(byte[] key) {
    this(key, 0);
  }

  CipherState(byte[] key, long firstNonce) {
    try {
      this.cipher = Cipher.getInstance("ChaCha20-Poly1305");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no ChaCha20-Poly1305", e);
    }
    this.key = new SecretKeySpec(key, "ChaCha20");
    this.nonce = firstNonce;
  }

  /** Whether no nonce is left: a further message would repeat one, which would reveal both. */
  boolean exhausted() {
    return nonce == RESERVED_NONCE;
  }

  /** Encrypts a message together with data that is only authenticated. */
  byte[] encrypt(byte[] associated, byte[] plaintext) {
    try {
      start(Cipher.ENCRYPT_MODE);
      cipher.updateAAD(associated);
      byte[] ciphertext = cipher.doFinal(plaintext);
      nonce++;
      return ciphertext;
    } catch (GeneralSecurityException e) {
      throw cannotEncrypt(e);
    }
  }

  /**
   * Decrypts a message whose associated data must be the peer's.
   *
   * @throws AEADBadTagException when it was not encrypted so
   */
  byte[] decrypt(byte[] associated, byte[] ciphertext) throws AEADBadTagException {
    try {
      start(Cipher.DECRYPT_MODE);
      cipher.updateAAD(associated);
      byte[] plaintext = cipher.doFinal(ciphertext);
      nonce++;
      return plaintext;
    } catch (AEADBadTagException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw cannotDecrypt(e);
    }
  }

  /**
   * Encrypts two ranges as one message and returns its length. Feeding them to the cipher one after
   * the other costs less than joining them first.
   */
  int encrypt(
      byte[] head,
      int headOffset,
      int headLength,
      byte[] body,
      int bodyOffset,
      int bodyLength,
      byte[] out,
      int outOffset) {
    try {
      start(Cipher.ENCRYPT_MODE);
      int n = 0;
      if (headLength > 0) {
        n = cipher.update(head, headOffset, headLength, out, outOffset);
      }
      n += cipher.doFinal(body, bodyOffset, bodyLength, out, outOffset + n);
      nonce++;
      return n;
    } catch (GeneralSecurityException e) {
      throw cannotEncrypt(e);
    }
  }

  /**
   * Decrypts a message and returns its length; the output may be the input's own place. Nothing is
   * written to it before the message proved authentic.
   *
   * @throws AEADBadTagException when it was not encrypted so
   */
  int decrypt(byte[] in, int inOffset, int inLength, byte[] out, int outOffset)
      throws AEADBadTagException {
    try {
      start(Cipher.DECRYPT_MODE);
      int n = cipher.doFinal(in, inOffset, inLength, out, outOffset);
      nonce++;
      return n;
    } catch (AEADBadTagException e) {
      throw e;
    } catch (GeneralSecurityException e) {
      throw cannotDecrypt(e);
    }
  }

  private void start(int mode) throws GeneralSecurityException {
    if (exhausted()) {
      throw new IllegalStateException("no nonce is left");
    }
    ivCounter.putLong(0, nonce);
    cipher.init(mode, key, new IvParameterSpec(iv));
  }

  private static IllegalStateException cannotEncrypt(GeneralSecurityException e) {
    return new IllegalStateException("ChaCha20-Poly1305 cannot encrypt", e);
  }

  private static IllegalStateException cannotDecrypt(GeneralSecurityException e) {
    return new IllegalStateException("ChaCha20-Poly1305 cannot decrypt", e);
  }
}
