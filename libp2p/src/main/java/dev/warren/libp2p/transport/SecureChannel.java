package dev.warren.libp2p.transport;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PublicKey;
import java.util.Optional;

/** An encrypted connection whose other end has proved who it is. */
public interface SecureChannel extends Duplex {

  /** The peer at the other end. */
  PeerId remotePeer();

  /** The key that the peer proved to hold. */
  PublicKey remoteKey();

  /** The multiplexer agreed on during the handshake, when both ends can do that. */
  Optional<String> earlyMuxer();

  /** Lets go of buffers that a busy connection keeps; they come back with the next traffic. */
  default void trim() {}
}
