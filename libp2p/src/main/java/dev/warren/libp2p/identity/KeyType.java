package dev.warren.libp2p.identity;

import dev.warren.libp2p.identity.pb.KeyMessages;

/**
 * The kinds of keys that a libp2p peer can have (specs, peer-ids, "Key Types").
 *
 * <p>Every peer understands {@link #ED25519}, which is also the smallest and the fastest; the
 * others exist to meet peers that have one.
 */
public enum KeyType {
  RSA(KeyMessages.KeyType.RSA),
  ED25519(KeyMessages.KeyType.Ed25519),
  SECP256K1(KeyMessages.KeyType.Secp256k1),
  ECDSA(KeyMessages.KeyType.ECDSA);

  private final KeyMessages.KeyType message;

  KeyType(KeyMessages.KeyType message) {
    this.message = message;
  }

  KeyMessages.KeyType toMessage() {
    return message;
  }

  static KeyType of(KeyMessages.KeyType message) {
    return switch (message) {
      case RSA -> RSA;
      case Ed25519 -> ED25519;
      case Secp256k1 -> SECP256K1;
      case ECDSA -> ECDSA;
    };
  }
}
