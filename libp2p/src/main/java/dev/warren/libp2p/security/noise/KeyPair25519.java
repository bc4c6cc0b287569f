package dev.warren.libp2p.security.noise;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.KeyAgreement;

/**
 * A key pair of the 25519 DH functions (Noise, section 12.1) with the public key as 32 bytes on the
 * wire (RFC 7748, section 5).
 */
final class KeyPair25519 {
  static final int PUBLIC_KEY_BYTES = 32;

  /** What stands before the 32 bytes of a public key in its X.509 form (RFC 8410, section 4). */
  private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b656e032100");

  private final PrivateKey privateKey;
  private final byte[] publicKey;

  KeyPair25519(PrivateKey privateKey, byte[] publicKey) {
    this.privateKey = privateKey;
    this.publicKey = publicKey.clone();
  }

  static KeyPair25519 generate() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance("X25519").generateKeyPair();
      byte[] encoded = pair.getPublic().getEncoded();
      byte[] raw = Arrays.copyOfRange(encoded, X509_PREFIX.length, encoded.length);
      return new KeyPair25519(pair.getPrivate(), raw);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no X25519", e);
    }
  }

  byte[] publicKey() {
    return publicKey.clone();
  }

  /**
   * The secret that this pair shares with the owner of a public key.
   *
   * @throws GeneralSecurityException when the key is one of the few that would make the secret
   *     all-zero and so known to everyone; the JDK checks for it (RFC 7748, section 6.1)
   */
  byte[] sharedSecret(byte[] remotePublicKey) throws GeneralSecurityException {
    KeyAgreement agreement = KeyAgreement.getInstance("X25519");
    agreement.init(privateKey);
    agreement.doPhase(decode(remotePublicKey), true);
    return agreement.generateSecret();
  }

  private static PublicKey decode(byte[] raw) throws GeneralSecurityException {
    byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + PUBLIC_KEY_BYTES);
    System.arraycopy(raw, 0, encoded, X509_PREFIX.length, PUBLIC_KEY_BYTES);
    return KeyFactory.getInstance("X25519").generatePublic(new X509EncodedKeySpec(encoded));
  }
}
