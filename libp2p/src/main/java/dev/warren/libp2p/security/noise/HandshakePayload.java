package dev.warren.libp2p.security.noise;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.warren.libp2p.security.HandshakeException;
import dev.warren.libp2p.security.HandshakeException.Reason;
import dev.warren.libp2p.security.noise.pb.NoiseExtensions;
import dev.warren.libp2p.security.noise.pb.NoiseHandshakePayload;
import java.util.List;

/**
 * Who the sender claims to be and which multiplexers it knows (specs, noise/README.md, "The libp2p
 * Handshake Payload").
 *
 * @param identityKey the sender's public key in its protobuf form, not looked into yet
 * @param signature by that key over the sender's static Noise key, not verified yet
 * @param muxers in the order that the sender prefers; empty when it does not negotiate them here
 */
record HandshakePayload(ByteString identityKey, ByteString signature, List<String> muxers) {

  /** Far more than there are; go-libp2p stops here too. */
  private static final int MAX_MUXERS = 100;

  HandshakePayload {
    muxers = List.copyOf(muxers);
  }

  byte[] encode() {
    NoiseHandshakePayload.Builder message =
        NoiseHandshakePayload.newBuilder().setIdentityKey(identityKey).setIdentitySig(signature);
    if (!muxers.isEmpty()) {
      message.setExtensions(NoiseExtensions.newBuilder().addAllStreamMuxers(muxers));
    }
    return message.build().toByteArray();
  }

  /** Decodes what a handshake message carried; its length is bounded by that message's. */
  static HandshakePayload decode(byte[] bytes) throws HandshakeException {
    NoiseHandshakePayload message;
    try {
      message = NoiseHandshakePayload.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new HandshakeException(
          Reason.MALFORMED, "the peer's handshake payload cannot be read", e);
    }
    if (!message.hasIdentityKey() || !message.hasIdentitySig()) {
      throw new HandshakeException(Reason.MALFORMED, "the peer did not say who it is");
    }
    List<String> muxers = message.getExtensions().getStreamMuxersList();
    if (muxers.size() > MAX_MUXERS) {
      throw new HandshakeException(
          Reason.MALFORMED,
          "the peer names " + muxers.size() + " multiplexers, more than " + MAX_MUXERS);
    }
    return new HandshakePayload(message.getIdentityKey(), message.getIdentitySig(), muxers);
  }
}
