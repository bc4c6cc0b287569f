package dev.warren.libp2p.dht.routing;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.List;

/**
 * A peer, its place in the key space, and where it is said to be reached.
 *
 * @param addresses without the peer's id; may be empty
 */
public record Contact(PeerId peer, Key key, List<Multiaddr> addresses) {
  public Contact {
    addresses = List.copyOf(addresses);
  }

  public static Contact of(PeerId peer, List<Multiaddr> addresses) {
    return new Contact(peer, Key.of(peer), addresses);
  }

  /** The same peer at other addresses. */
  public Contact at(List<Multiaddr> others) {
    return new Contact(peer, key, others);
  }
}
