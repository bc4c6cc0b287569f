package dev.warren.libp2p.identity;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.warren.libp2p.identity.pb.KeyMessages;
import dev.warren.libp2p.multiformats.MalformedException;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * The public half of a peer's key: it verifies what the peer signed and gives the peer its id.
 *
 * <p>A key has exactly one encoding. Input that says the same key in another way is refused,
 * because the peer id is a hash of the encoding: two encodings would be two ids for one peer.
 */
public final class PublicKey {
  /** What each scheme knows how to do with its own parsed key. */
  @FunctionalInterface
  interface Verifier {
    boolean verify(byte[] message, byte[] signature) throws GeneralSecurityException;
  }

  /** The longest encoding is that of an RSA key of 8192 bits; the rest is room for new fields. */
  static final int MAX_PROTOBUF_BYTES = 2048;

  private final KeyType type;
  private final byte[] data;
  private final Verifier verifier;
  private final PeerId peerId;

  /** For the schemes, which vouch that {@code data} is canonical and belongs to the verifier. */
  PublicKey(KeyType type, byte[] data, Verifier verifier) {
    this.type = type;
    this.data = data;
    this.verifier = verifier;
    this.peerId = PeerId.ofEncodedKey(toProtobuf());
  }

  /**
   * Reads a key as peers send it.
   *
   * @throws MalformedException if the bytes are not a key of a known type, or a key that is too
   *     weak or too large to be used
   */
  public static PublicKey fromProtobuf(byte[] bytes) {
    if (bytes.length > MAX_PROTOBUF_BYTES) {
      throw new MalformedException(
          "public key of " + bytes.length + " bytes, more than " + MAX_PROTOBUF_BYTES);
    }
    KeyMessages.PublicKey message;
    try {
      message = KeyMessages.PublicKey.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedException("not a public key of a known type", e);
    }
    byte[] data = message.getData().toByteArray();
    return switch (KeyType.of(message.getType())) {
      case ED25519 -> Ed25519.publicKey(data);
      case SECP256K1 -> Secp256k1.publicKey(data);
      case ECDSA -> Ecdsa.publicKey(data);
      case RSA -> Rsa.publicKey(data);
    };
  }

  /** The key as it goes over the wire; always the same bytes for the same key. */
  public byte[] toProtobuf() {
    return KeyMessages.PublicKey.newBuilder()
        .setType(type.toMessage())
        .setData(ByteString.copyFrom(data))
        .build()
        .toByteArray();
  }

  public KeyType type() {
    return type;
  }

  public PeerId peerId() {
    return peerId;
  }

  /**
   * Whether the owner of this key signed the message. A signature that is no signature at all is
   * false, not an error: whoever sent it decides what is in it.
   */
  public boolean verify(byte[] message, byte[] signature) {
    try {
      return verifier.verify(message, signature);
    } catch (GeneralSecurityException | RuntimeException e) {
      // The libraries below throw a wide range of types at hostile keys and signatures, and each
      // of them means the same: this message is not proven to come from this key.
      return false;
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PublicKey that && type == that.type && Arrays.equals(data, that.data);
  }

  @Override
  public int hashCode() {
    return peerId.hashCode();
  }

  /** For people: the type and the key itself in hexadecimal. */
  @Override
  public String toString() {
    return type + " " + HexFormat.of().formatHex(data);
  }
}
