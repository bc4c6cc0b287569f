package dev.warren.libp2p.dht.record;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Somebody who provides something, by its own word.
 *
 * @param addresses at which it said that it is reached, up to {@link #MAX_ADDRESS_BYTES}
 * @param added when it last said so
 */
public record ProviderRecord(PeerId peer, List<Multiaddr> addresses, Instant added) {
  /** A provider that says so no longer counts no longer (IPFS kad-dht, "Provide Validity"). */
  public static final Duration VALIDITY = Duration.ofDays(2);

  /** How often to say it again, for those who left in the meantime (the same, "Republish"). */
  public static final Duration REPUBLISH_INTERVAL = Duration.ofHours(22);

  /** Peers move more often than they forget what they have ("Provider Addresses TTL"). */
  public static final Duration ADDRESS_VALIDITY = Duration.ofHours(24);

  /** As many bytes of addresses as are handed out of one peer; a store is full of them. */
  public static final int MAX_ADDRESS_BYTES = 512;

  public ProviderRecord {
    addresses = fitting(addresses);
  }

  private static List<Multiaddr> fitting(List<Multiaddr> addresses) {
    var fitting = new ArrayList<Multiaddr>();
    int left = MAX_ADDRESS_BYTES;
    for (Multiaddr address : addresses) {
      int bytes = address.toBytes().length;
      if (bytes <= left) {
        fitting.add(address);
        left -= bytes;
      }
    }
    return List.copyOf(fitting);
  }

  /** Whether it still counts. */
  public boolean isValid(Instant now) {
    return now.isBefore(added.plus(VALIDITY));
  }

  /** The addresses, unless they are too old. */
  public List<Multiaddr> addresses(Instant now) {
    return now.isBefore(added.plus(ADDRESS_VALIDITY)) ? addresses : List.of();
  }
}
