package dev.warren.libp2p.identity;

import static org.bouncycastle.math.ec.rfc8032.Ed25519.PUBLIC_KEY_SIZE;
import static org.bouncycastle.math.ec.rfc8032.Ed25519.SECRET_KEY_SIZE;
import static org.bouncycastle.math.ec.rfc8032.Ed25519.SIGNATURE_SIZE;
import static org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey;
import static org.bouncycastle.math.ec.rfc8032.Ed25519.sign;
import static org.bouncycastle.math.ec.rfc8032.Ed25519.verify;

import dev.warren.libp2p.multiformats.MalformedException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * Ed25519 keys: specs, peer-ids, "Ed25519"; RFC 8032.
 *
 * <p>By Bouncy Castle: the JDK takes 7 times as long to verify, which every handshake and every
 * peer record does, and 15 times as long to sign.
 */
final class Ed25519 {
  private Ed25519() {}

  static PublicKey publicKey(byte[] data) {
    if (data.length != PUBLIC_KEY_SIZE) {
      throw new MalformedException(
          "Ed25519 public key of " + data.length + " bytes, not " + PUBLIC_KEY_SIZE);
    }
    // Whether the bytes are a point of the curve is found out when a signature is verified: peer
    // ids carry such keys by the thousand, and few of them ever verify anything.
    return new PublicKey(
        KeyType.ED25519,
        data,
        (message, signature) ->
            signature.length == SIGNATURE_SIZE
                && verify(signature, 0, data, 0, message, 0, message.length));
  }

  static PrivateKey generate(SecureRandom random) {
    byte[] seed = new byte[SECRET_KEY_SIZE];
    random.nextBytes(seed);
    return ofSeed(seed);
  }

  /** Reads seed and public key, and the older form that has the public key twice. */
  static PrivateKey privateKey(byte[] data) {
    if (data.length != SECRET_KEY_SIZE + PUBLIC_KEY_SIZE
        && data.length != SECRET_KEY_SIZE + PUBLIC_KEY_SIZE + PUBLIC_KEY_SIZE) {
      throw new MalformedException("Ed25519 private key of " + data.length + " bytes");
    }
    byte[] seed = Arrays.copyOf(data, SECRET_KEY_SIZE);
    byte[] publicBytes = publicBytes(seed);
    // Signing with a public key that is not the seed's own gives the seed away.
    for (int at = SECRET_KEY_SIZE; at < data.length; at += PUBLIC_KEY_SIZE) {
      if (!MessageDigest.isEqual(publicBytes, Arrays.copyOfRange(data, at, at + PUBLIC_KEY_SIZE))) {
        throw new MalformedException("Ed25519 private key with a public key that is not its own");
      }
    }
    return ofSeed(seed);
  }

  private static PrivateKey ofSeed(byte[] seed) {
    byte[] publicBytes = publicBytes(seed);
    byte[] both = Arrays.copyOf(seed, SECRET_KEY_SIZE + PUBLIC_KEY_SIZE);
    System.arraycopy(publicBytes, 0, both, SECRET_KEY_SIZE, PUBLIC_KEY_SIZE);
    return new PrivateKey(
        publicKey(publicBytes),
        both,
        message -> {
          byte[] signature = new byte[SIGNATURE_SIZE];
          sign(seed, 0, publicBytes, 0, message, 0, message.length, signature, 0);
          return signature;
        });
  }

  private static byte[] publicBytes(byte[] seed) {
    byte[] publicBytes = new byte[PUBLIC_KEY_SIZE];
    generatePublicKey(seed, 0, publicBytes, 0);
    return publicBytes;
  }
}
