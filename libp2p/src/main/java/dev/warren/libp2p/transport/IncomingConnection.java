package dev.warren.libp2p.transport;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.Closeable;
import java.io.IOException;

/** A connection that a peer has begun, and on which it has yet to prove who it is. */
public interface IncomingConnection extends Closeable {

  /** The peer's end, as the transport sees it. */
  Multiaddr remoteAddress();

  /** Blocks for the handshake. Called once; the caller closes the connection when it fails. */
  SecuredConnection secure() throws IOException;

  /**
   * The same, where the ends have agreed that we are the client, and the peer began all the same.
   * Where the transport itself says who the client is, that holds.
   */
  default SecuredConnection secureAsClient(PeerId server) throws IOException {
    return secure();
  }

  /** Ends the connection at once, from any thread; a handshake that is under way fails. */
  @Override
  void close();
}
