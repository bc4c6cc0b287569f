package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import java.io.IOException;

/**
 * Is told what happens to a host. Called on the thread on which it happens, which the called method
 * must not block; it may start a thread of its own.
 */
public interface HostListener {

  /** A connection has been secured and can carry streams. */
  default void connected(Connection connection) {}

  /** A connection has ended. */
  default void disconnected(Connection connection, IOException cause) {}

  /** The peer has said, or said anew, who it is and what it speaks. */
  default void identified(PeerId peer, PeerInfo info) {}

  /** The set of protocols that this host serves has changed. */
  default void protocolsChanged() {}

  /** The addresses of this host have changed. */
  default void addressesChanged() {}
}
