package dev.warren.libp2p.security.noise;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.security.HandshakeException;
import dev.warren.libp2p.security.HandshakeException.Reason;
import dev.warren.libp2p.transport.Duplex;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * One run of the handshake over a connection (specs, noise/README.md, "The Noise Handshake").
 *
 * <p>Who the peer is, and its multiplexers, travel in messages 2 and 3: message 1 is not secret.
 */
final class NoiseHandshake {
  private static final byte[] NOTHING = {};
  private static final byte[] SIGNATURE_DOMAIN =
      "noise-libp2p-static-key:".getBytes(StandardCharsets.US_ASCII);

  private final Duplex raw;
  private final HandshakeFrames frames;
  private final HandshakeState state;
  private final HandshakePayload ours;

  private NoiseHandshake(
      Duplex raw, boolean initiator, KeyPair25519 ourStatic, HandshakePayload ours) {
    this.raw = raw;
    this.frames = new HandshakeFrames(raw);
    this.state = new HandshakeState(initiator, NOTHING, ourStatic, KeyPair25519.generate());
    this.ours = ours;
  }

  /** What an identity key signs to vouch for a static Noise key. */
  static byte[] signedBytes(byte[] staticPublicKey) {
    byte[] signed = new byte[SIGNATURE_DOMAIN.length + staticPublicKey.length];
    System.arraycopy(SIGNATURE_DOMAIN, 0, signed, 0, SIGNATURE_DOMAIN.length);
    System.arraycopy(staticPublicKey, 0, signed, SIGNATURE_DOMAIN.length, staticPublicKey.length);
    return signed;
  }

  static NoiseChannel initiate(
      Duplex raw, KeyPair25519 ourStatic, HandshakePayload ours, Optional<PeerId> expected)
      throws HandshakeException {
    return new NoiseHandshake(raw, true, ourStatic, ours).initiate(expected);
  }

  static NoiseChannel respond(Duplex raw, KeyPair25519 ourStatic, HandshakePayload ours)
      throws HandshakeException {
    return new NoiseHandshake(raw, false, ourStatic, ours).respond();
  }

  private NoiseChannel initiate(Optional<PeerId> expected) throws HandshakeException {
    frames.write(state.writeMessage(NOTHING));
    HandshakePayload theirs = HandshakePayload.decode(state.readMessage(frames.read()));
    PublicKey remoteKey = authenticate(theirs);
    // Before message 3, so that a stranger never learns who we are.
    if (expected.isPresent() && !expected.get().matches(remoteKey)) {
      throw new HandshakeException(
          Reason.WRONG_PEER,
          "expected peer %s, but %s answered".formatted(expected.get(), remoteKey.peerId()));
    }
    // Sent even when there is no multiplexer in common, so that both ends learn it.
    frames.write(state.writeMessage(ours.encode()));
    return channel(remoteKey, commonMuxer(ours.muxers(), theirs.muxers()));
  }

  private NoiseChannel respond() throws HandshakeException {
    if (state.readMessage(frames.read()).length > 0) {
      throw new HandshakeException(
          Reason.MALFORMED, "the peer sent data before it could be encrypted");
    }
    frames.write(state.writeMessage(ours.encode()));
    HandshakePayload theirs = HandshakePayload.decode(state.readMessage(frames.read()));
    return channel(authenticate(theirs), commonMuxer(theirs.muxers(), ours.muxers()));
  }

  private NoiseChannel channel(PublicKey remoteKey, Optional<String> muxer) {
    return new NoiseChannel(raw, state.split(), remoteKey, muxer);
  }

  private PublicKey authenticate(HandshakePayload theirs) throws HandshakeException {
    PublicKey key;
    try {
      key = PublicKey.fromProtobuf(theirs.identityKey().toByteArray());
    } catch (MalformedException e) {
      throw new HandshakeException(
          Reason.MALFORMED, "the peer's identity key cannot be used: " + e.getMessage(), e);
    }
    if (!key.verify(signedBytes(state.theirStatic()), theirs.signature().toByteArray())) {
      throw new HandshakeException(
          Reason.BAD_SIGNATURE, "the peer could not prove that it is " + key.peerId());
    }
    return key;
  }

  /**
   * The first of the initiator's multiplexers that the responder knows (specs,
   * connections/inlined-muxer-negotiation.md); empty when one of them does not negotiate here, in
   * which case multistream-select is to follow.
   */
  private static Optional<String> commonMuxer(List<String> initiators, List<String> responders)
      throws HandshakeException {
    if (initiators.isEmpty() || responders.isEmpty()) {
      return Optional.empty();
    }
    for (String muxer : initiators) {
      if (responders.contains(muxer)) {
        return Optional.of(muxer);
      }
    }
    throw new HandshakeException(
        Reason.NO_COMMON_MUXER, "the peer and this node have no stream multiplexer in common");
  }
}
