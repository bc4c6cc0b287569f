package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.time.Instant;
import java.util.List;

/**
 * A place at a relay.
 *
 * @param addresses at which this host can be reached through it, without the id of this host
 */
public record Reservation(
    PeerId relay, Instant expires, List<Multiaddr> addresses, CircuitLimit limit) {
  /** More addresses than any honest relay has. */
  static final int MAX_ADDRESSES = 16;

  public Reservation {
    addresses = List.copyOf(addresses);
  }
}
