package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.security.HandshakeException;
import dev.warren.libp2p.security.HandshakeException.Reason;
import dev.warren.libp2p.transport.IncomingConnection;
import dev.warren.libp2p.transport.SecuredConnection;
import java.io.IOException;

/**
 * A connection that both ends dialed, and of which we are the server. Unlike one that came in by
 * itself it can be of one peer only.
 */
record Punched(IncomingConnection incoming, PeerId expected) implements IncomingConnection {
  @Override
  public Multiaddr remoteAddress() {
    return incoming.remoteAddress();
  }

  @Override
  public SecuredConnection secure() throws IOException {
    SecuredConnection secured = incoming.secure();
    if (!secured.remotePeer().equals(expected)) {
      secured.muxed().abort();
      throw new HandshakeException(
          Reason.WRONG_PEER, "met " + secured.remotePeer() + " in place of " + expected);
    }
    return secured;
  }

  @Override
  public void close() {
    incoming.close();
  }
}
