package dev.warren.libp2p.security.noise;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.jspecify.annotations.Nullable;

/** The chaining key and the hash of all that was said so far (Noise, section 5.2). */
final class SymmetricState {
  static final int HASH_BYTES = 32;

  private final MessageDigest sha256;
  private final KDF hkdf;
  private byte[] chainingKey;
  private byte[] hash;
  private @Nullable CipherState cipher; // null until the first key is mixed in

  /** The two ciphers that the handshake ends with. */
  record TransportCiphers(CipherState initiatorToResponder, CipherState responderToInitiator) {}

  /** Starts from a protocol name of at most 32 bytes. */
  SymmetricState(String protocolName) {
    try {
      this.sha256 = MessageDigest.getInstance("SHA-256");
      this.hkdf = KDF.getInstance("HKDF-SHA256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no SHA-256 or HKDF", e);
    }
    byte[] name = protocolName.getBytes(StandardCharsets.US_ASCII);
    if (name.length > HASH_BYTES) {
      throw new IllegalArgumentException("a longer name would have to be hashed");
    }
    this.hash = Arrays.copyOf(name, HASH_BYTES);
    this.chainingKey = hash;
  }

  /** Whether what is encrypted from now on really is. */
  boolean hasKey() {
    return cipher != null;
  }

  byte[] handshakeHash() {
    return hash.clone();
  }

  void mixHash(byte[] data) {
    sha256.update(hash);
    hash = sha256.digest(data);
  }

  void mixKey(byte[] secret) {
    byte[] output = hkdf(secret);
    chainingKey = Arrays.copyOf(output, HASH_BYTES);
    cipher = new CipherState(Arrays.copyOfRange(output, HASH_BYTES, 2 * HASH_BYTES));
  }

  byte[] encryptAndHash(byte[] plaintext) {
    CipherState keyed = cipher;
    byte[] ciphertext = keyed == null ? plaintext : keyed.encrypt(hash, plaintext);
    mixHash(ciphertext);
    return ciphertext;
  }

  byte[] decryptAndHash(byte[] ciphertext) throws AEADBadTagException {
    CipherState keyed = cipher;
    byte[] plaintext = keyed == null ? ciphertext : keyed.decrypt(hash, ciphertext);
    mixHash(ciphertext);
    return plaintext;
  }

  TransportCiphers split() {
    byte[] output = hkdf(new byte[0]);
    return new TransportCiphers(
        new CipherState(Arrays.copyOf(output, HASH_BYTES)),
        new CipherState(Arrays.copyOfRange(output, HASH_BYTES, 2 * HASH_BYTES)));
  }

  /**
   * Both outputs of Noise's HKDF (section 4.3), one after the other: it is the one of RFC 5869 with
   * the chaining key as salt and without info.
   */
  private byte[] hkdf(byte[] inputKeyMaterial) {
    try {
      return hkdf.deriveData(
          HKDFParameterSpec.ofExtract()
              .addSalt(chainingKey)
              .addIKM(inputKeyMaterial)
              .thenExpand(new byte[0], 2 * HASH_BYTES));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("HKDF-SHA256 failed", e);
    }
  }
}
