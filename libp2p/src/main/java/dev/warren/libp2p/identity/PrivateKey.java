package dev.warren.libp2p.identity;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.warren.libp2p.identity.pb.KeyMessages;
import dev.warren.libp2p.multiformats.MalformedException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;

/**
 * The secret that makes a peer who it is. Whoever holds it is that peer, so it leaves this object
 * only by {@link #toProtobuf()}, which {@link KeyFile} writes to disk.
 */
public final class PrivateKey {
  /** What each scheme knows how to do with its own parsed key. */
  @FunctionalInterface
  interface Signer {
    byte[] sign(byte[] message) throws GeneralSecurityException;
  }

  /** The longest encoding is that of an RSA key of 8192 bits, about 4.7 kB. */
  static final int MAX_PROTOBUF_BYTES = 8192;

  private final PublicKey publicKey;
  private final byte[] data;
  private final Signer signer;

  /** For the schemes, which vouch that the three belong together. */
  PrivateKey(PublicKey publicKey, byte[] data, Signer signer) {
    this.publicKey = publicKey;
    this.data = data;
    this.signer = signer;
  }

  public static PrivateKey generate(KeyType type) {
    return generate(type, new SecureRandom());
  }

  public static PrivateKey generate(KeyType type, SecureRandom random) {
    return switch (type) {
      case ED25519 -> Ed25519.generate(random);
      case SECP256K1 -> Secp256k1.generate(random);
      case ECDSA -> Ecdsa.generate(random);
      case RSA -> Rsa.generate(random);
    };
  }

  /**
   * Reads a key as libp2p nodes store it.
   *
   * @throws MalformedException if the bytes are not a private key of a known type, or its public
   *     half is not its own
   */
  public static PrivateKey fromProtobuf(byte[] bytes) {
    if (bytes.length > MAX_PROTOBUF_BYTES) {
      throw new MalformedException(
          "private key of " + bytes.length + " bytes, more than " + MAX_PROTOBUF_BYTES);
    }
    KeyMessages.PrivateKey message;
    try {
      message = KeyMessages.PrivateKey.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      // Without the cause: its text could carry parts of the secret into a log.
      throw new MalformedException("not a private key of a known type");
    }
    byte[] data = message.getData().toByteArray();
    return switch (KeyType.of(message.getType())) {
      case ED25519 -> Ed25519.privateKey(data);
      case SECP256K1 -> Secp256k1.privateKey(data);
      case ECDSA -> Ecdsa.privateKey(data);
      case RSA -> Rsa.privateKey(data);
    };
  }

  /** The secret itself, as libp2p nodes store it. */
  public byte[] toProtobuf() {
    return KeyMessages.PrivateKey.newBuilder()
        .setType(type().toMessage())
        .setData(ByteString.copyFrom(data))
        .build()
        .toByteArray();
  }

  public KeyType type() {
    return publicKey.type();
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  public PeerId peerId() {
    return publicKey.peerId();
  }

  public byte[] sign(byte[] message) {
    try {
      return signer.sign(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("cannot sign with " + this, e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PrivateKey that
        && type() == that.type()
        && MessageDigest.isEqual(data, that.data);
  }

  @Override
  public int hashCode() {
    return publicKey.hashCode();
  }

  /** Names the peer, never the secret. */
  @Override
  public String toString() {
    return "private " + type() + " key of " + peerId();
  }
}
