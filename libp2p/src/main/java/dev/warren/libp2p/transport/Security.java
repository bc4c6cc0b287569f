package dev.warren.libp2p.transport;

import dev.warren.libp2p.identity.PeerId;
import java.io.IOException;
import java.util.Optional;

/**
 * A protocol that authenticates and encrypts raw connections.
 *
 * <p>Both methods block for the handshake. They do not close the raw connection when they fail; the
 * caller does.
 */
public interface Security {

  /** The id that multistream-select negotiates. */
  String protocolId();

  /**
   * Secures a connection that we dialed.
   *
   * @param expected the peer that must be at the other end, when known
   */
  SecureChannel secureOutbound(Duplex raw, Optional<PeerId> expected) throws IOException;

  /** Secures a connection that we accepted. */
  SecureChannel secureInbound(Duplex raw) throws IOException;
}
