package dev.warren.libp2p.discovery;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.List;

/** Is told of peers that announced themselves on the local network. */
@FunctionalInterface
public interface PeerFound {
  /**
   * A peer says that it is at these addresses, which are all that are known of it, without its id.
   * Called when it is new or has a new address. Nothing is proved: whoever is on the network can
   * say this, so an address is worth a dial that expects this very peer, and no more.
   *
   * <p>Called on the thread that hears, which waits: a dial belongs on a thread of its own.
   */
  void peerFound(PeerId peer, List<Multiaddr> addresses);
}
