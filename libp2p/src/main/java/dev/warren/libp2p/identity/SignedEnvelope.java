package dev.warren.libp2p.identity;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.warren.libp2p.identity.pb.EnvelopeMessages;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Varint;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes with the signature and the public key of the peer who vouches for them (specs, RFC 0002).
 *
 * <p>The domain says what the signature is for. It is not in the envelope: signer and reader both
 * know it, so that what was signed for one purpose cannot be presented for another. An envelope
 * that can be had from here is always one whose signature holds.
 */
public final class SignedEnvelope {
  /** The longest envelope that is made or read. */
  public static final int MAX_BYTES = 64 * 1024;

  private final PublicKey publicKey;
  private final byte[] payloadType;
  private final byte[] payload;
  private final byte[] signature;

  private SignedEnvelope(
      PublicKey publicKey, byte[] payloadType, byte[] payload, byte[] signature) {
    this.publicKey = publicKey;
    this.payloadType = payloadType;
    this.payload = payload;
    this.signature = signature;
  }

  /**
   * Signs a payload.
   *
   * @param payloadType what the payload is, mostly a multicodec
   * @throws IllegalArgumentException if the domain or the type is empty, which peers refuse, or the
   *     envelope would be longer than {@link #MAX_BYTES}
   */
  public static SignedEnvelope seal(
      PrivateKey key, String domain, byte[] payloadType, byte[] payload) {
    if (domain.isEmpty() || payloadType.length == 0) {
      throw new IllegalArgumentException("an envelope needs a domain and a payload type");
    }
    SignedEnvelope envelope =
        new SignedEnvelope(
            key.publicKey(),
            payloadType.clone(),
            payload.clone(),
            key.sign(signedBytes(domain, payloadType, payload)));
    if (envelope.toBytes().length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "envelope with a payload of " + payload.length + " bytes, more than fits " + MAX_BYTES);
    }
    return envelope;
  }

  /**
   * Reads an envelope that was signed for this domain. Whether its key is that of the peer whom one
   * expects to have signed is for the caller to check.
   */
  public static SignedEnvelope open(byte[] bytes, String domain) throws InvalidEnvelopeException {
    return decode(bytes).requireSignedFor(domain);
  }

  /**
   * For readers that know the domain by the payload's type: nothing in the result is proven yet.
   */
  static SignedEnvelope decode(byte[] bytes) throws InvalidEnvelopeException {
    if (bytes.length > MAX_BYTES) {
      throw new InvalidEnvelopeException(
          "envelope of " + bytes.length + " bytes, more than " + MAX_BYTES);
    }
    try {
      EnvelopeMessages.Envelope message = EnvelopeMessages.Envelope.parseFrom(bytes);
      return new SignedEnvelope(
          PublicKey.fromProtobuf(message.getPublicKey().toByteArray()),
          message.getPayloadType().toByteArray(),
          message.getPayload().toByteArray(),
          message.getSignature().toByteArray());
    } catch (InvalidProtocolBufferException e) {
      throw new InvalidEnvelopeException("not an envelope", e);
    } catch (MalformedException e) {
      throw new InvalidEnvelopeException("envelope without a usable key: " + e.getMessage(), e);
    }
  }

  SignedEnvelope requireSignedFor(String domain) throws InvalidEnvelopeException {
    if (!publicKey.verify(signedBytes(domain, payloadType, payload), signature)) {
      throw new InvalidEnvelopeException(
          "envelope that " + publicKey.peerId() + " did not sign for " + domain);
    }
    return this;
  }

  /** The envelope as it goes over the wire. */
  public byte[] toBytes() {
    return EnvelopeMessages.Envelope.newBuilder()
        .setPublicKey(ByteString.copyFrom(publicKey.toProtobuf()))
        .setPayloadType(ByteString.copyFrom(payloadType))
        .setPayload(ByteString.copyFrom(payload))
        .setSignature(ByteString.copyFrom(signature))
        .build()
        .toByteArray();
  }

  /** The key of the peer who signed. */
  public PublicKey publicKey() {
    return publicKey;
  }

  public byte[] payloadType() {
    return payloadType.clone();
  }

  public byte[] payload() {
    return payload.clone();
  }

  /** RFC 0002, "Signature Production / Verification": each part behind its length. */
  private static byte[] signedBytes(String domain, byte[] payloadType, byte[] payload) {
    byte[][] parts = {domain.getBytes(StandardCharsets.UTF_8), payloadType, payload};
    int length = 0;
    for (byte[] part : parts) {
      length += Varint.size(part.length) + part.length;
    }
    byte[] joined = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      at = Varint.write(part.length, joined, at);
      System.arraycopy(part, 0, joined, at, part.length);
      at += part.length;
    }
    return joined;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SignedEnvelope that
        && publicKey.equals(that.publicKey)
        && Arrays.equals(payloadType, that.payloadType)
        && Arrays.equals(payload, that.payload)
        && Arrays.equals(signature, that.signature);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(signature);
  }

  @Override
  public String toString() {
    return "envelope of " + publicKey.peerId() + " with " + payload.length + " bytes";
  }
}
