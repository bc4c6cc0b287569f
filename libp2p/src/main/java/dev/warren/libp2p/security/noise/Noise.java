package dev.warren.libp2p.security.noise;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.security.HandshakeException;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.SecureChannel;
import dev.warren.libp2p.transport.Security;
import java.util.List;
import java.util.Optional;

/**
 * Secures connections with Noise. Safe for use by many threads.
 *
 * <p>The static Noise key lives as long as this object and is never stored; the identity key signs
 * it once. Each handshake has an ephemeral key of its own. How long a handshake may take is for the
 * caller to decide, who ends it by closing the raw connection.
 */
public final class Noise implements Security {
  public static final String PROTOCOL_ID = "/noise";

  private final KeyPair25519 staticKey = KeyPair25519.generate();
  private final HandshakePayload payload;

  /**
   * @param identity who this node is
   * @param muxers the ids of the multiplexers to offer during the handshake, the preferred one
   *     first; with none, multiplexers are never agreed on during the handshake
   */
  public Noise(PrivateKey identity, List<String> muxers) {
    byte[] signature = identity.sign(NoiseHandshake.signedBytes(staticKey.publicKey()));
    this.payload =
        new HandshakePayload(
            ByteString.copyFrom(identity.publicKey().toProtobuf()),
            ByteString.copyFrom(signature),
            muxers);
  }

  @Override
  public String protocolId() {
    return PROTOCOL_ID;
  }

  @Override
  public SecureChannel secureOutbound(Duplex raw, Optional<PeerId> expected)
      throws HandshakeException {
    return NoiseHandshake.initiate(raw, staticKey, payload, expected);
  }

  @Override
  public SecureChannel secureInbound(Duplex raw) throws HandshakeException {
    return NoiseHandshake.respond(raw, staticKey, payload);
  }
}
