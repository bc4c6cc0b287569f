package dev.warren.libp2p.transport;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A way to reach peers and to be reached whose connections are secured and multiplexed: one that
 * brings all of this itself, such as QUIC, or a {@link Transport} of raw connections with what
 * makes more of them. Safe for use by many threads.
 */
public interface SecureTransport {

  /** As {@link Transport#handles}. */
  boolean handles(Multiaddr address);

  /** Whether this system has what the transport is made of. */
  default boolean isUsable() {
    return true;
  }

  /**
   * Connects, blocking.
   *
   * @param expected the peer that must be there, when known
   * @param cancellation ends the attempt from another thread, by time or by choice
   * @throws IOException when the peer cannot be reached, is another, or the attempt was cancelled
   */
  SecuredConnection dial(Multiaddr address, Optional<PeerId> expected, Cancellation cancellation)
      throws IOException;

  /**
   * Starts to accept connections.
   *
   * @param onConnection called on a thread that serves all connections, so it must not block
   */
  Listener listen(Multiaddr address, Consumer<IncomingConnection> onConnection) throws IOException;

  /**
   * Takes the server's part of a hole punch (relay/DCUtR.md, step 5): the peer dials us at this
   * moment, and what is sent to it from the port that is listened on lets it through our NAT.
   * Blocks.
   *
   * @param cancellation ends it, once the peer is here or is given up
   * @return what came of it here; empty where the connection comes in as any other
   */
  Optional<IncomingConnection> punch(Multiaddr address, Cancellation cancellation)
      throws IOException;
}
