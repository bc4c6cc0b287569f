package dev.warren.libp2p.identity;

import dev.warren.libp2p.multiformats.MalformedException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** Ed25519 keys: specs, peer-ids, "Ed25519"; RFC 8032; in DER as RFC 8410 has them. */
final class Ed25519 {
  private static final int SEED_BYTES = 32;
  private static final int PUBLIC_BYTES = 32;

  // The JDK takes these keys in DER only, and DER adds the same bytes in front of every key.
  private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");
  private static final byte[] PKCS8_PREFIX =
      HexFormat.of().parseHex("302e020100300506032b657004220420");

  private Ed25519() {}

  static PublicKey publicKey(byte[] data) {
    if (data.length != PUBLIC_BYTES) {
      throw new MalformedException(
          "Ed25519 public key of " + data.length + " bytes, not " + PUBLIC_BYTES);
    }
    // Whether the bytes are a point of the curve is found out when a signature is verified: peer
    // ids carry such keys by the thousand, and few of them ever verify anything.
    java.security.PublicKey key;
    try {
      key =
          KeyFactory.getInstance("Ed25519")
              .generatePublic(new X509EncodedKeySpec(concat(X509_PREFIX, data)));
    } catch (GeneralSecurityException e) {
      throw new MalformedException("not an Ed25519 public key", e);
    }
    return new PublicKey(
        KeyType.ED25519,
        data,
        (message, bytes) -> {
          Signature signature = Signature.getInstance("Ed25519");
          signature.initVerify(key);
          signature.update(message);
          return signature.verify(bytes);
        });
  }

  static PrivateKey generate(SecureRandom random) {
    byte[] seed = new byte[SEED_BYTES];
    random.nextBytes(seed);
    return ofSeed(seed);
  }

  /** Reads seed and public key, and the older form that has the public key twice. */
  static PrivateKey privateKey(byte[] data) {
    if (data.length != SEED_BYTES + PUBLIC_BYTES
        && data.length != SEED_BYTES + PUBLIC_BYTES + PUBLIC_BYTES) {
      throw new MalformedException("Ed25519 private key of " + data.length + " bytes");
    }
    PrivateKey key = ofSeed(Arrays.copyOf(data, SEED_BYTES));
    // Signing with a public key that is not the seed's own gives the seed away.
    byte[] publicBytes = publicBytes(data);
    for (int at = SEED_BYTES; at < data.length; at += PUBLIC_BYTES) {
      if (!MessageDigest.isEqual(publicBytes, Arrays.copyOfRange(data, at, at + PUBLIC_BYTES))) {
        throw new MalformedException("Ed25519 private key with a public key that is not its own");
      }
    }
    return key;
  }

  private static PrivateKey ofSeed(byte[] seed) {
    byte[] publicBytes = publicBytes(seed);
    java.security.PrivateKey key;
    try {
      key =
          KeyFactory.getInstance("Ed25519")
              .generatePrivate(new PKCS8EncodedKeySpec(concat(PKCS8_PREFIX, seed)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the Java runtime refuses an Ed25519 seed", e);
    }
    return new PrivateKey(
        publicKey(publicBytes),
        concat(seed, publicBytes),
        message -> {
          Signature signature = Signature.getInstance("Ed25519");
          signature.initSign(key);
          signature.update(message);
          return signature.sign();
        });
  }

  /** The JDK can make a pair but cannot derive one half from the other, so Bouncy Castle does. */
  private static byte[] publicBytes(byte[] seed) {
    byte[] publicBytes = new byte[PUBLIC_BYTES];
    org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey(seed, 0, publicBytes, 0);
    return publicBytes;
  }

  private static byte[] concat(byte[] head, byte[] tail) {
    byte[] both = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, both, head.length, tail.length);
    return both;
  }
}
