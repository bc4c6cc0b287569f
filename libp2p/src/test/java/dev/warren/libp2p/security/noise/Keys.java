package dev.warren.libp2p.security.noise;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;

/** Key pairs from known private keys. */
final class Keys {
  private static final byte[] BASE_POINT = basePoint();

  private Keys() {}

  static KeyPair25519 fromPrivate(String hex) {
    try {
      byte[] encoded = HexFormat.of().parseHex("302e020100300506032b656e04220420" + hex);
      PrivateKey key =
          KeyFactory.getInstance("X25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
      byte[] publicKey = new KeyPair25519(key, BASE_POINT).sharedSecret(BASE_POINT);
      return new KeyPair25519(key, publicKey);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] basePoint() {
    byte[] nine = new byte[32];
    nine[0] = 9;
    return nine;
  }
}
