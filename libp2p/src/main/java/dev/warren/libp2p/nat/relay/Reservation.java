package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A place at a relay.
 *
 * @param addresses at which this host can be reached through it, without the id of this host
 * @param voucher what the relay signed for this host, if it does so
 */
public record Reservation(
    PeerId relay,
    Instant expires,
    List<Multiaddr> addresses,
    CircuitLimit limit,
    Optional<Voucher> voucher) {
  public Reservation {
    addresses = List.copyOf(addresses);
  }
}
