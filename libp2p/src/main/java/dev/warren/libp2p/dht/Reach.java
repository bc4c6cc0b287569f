package dev.warren.libp2p.dht;

import dev.warren.libp2p.multiformats.IpRanges;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import java.util.List;

/**
 * From where the peers of a network reach each other. A table of the internet with addresses of
 * somebody's home in it would send everybody to machines of their own (IPFS kad-dht, "Server
 * behavior").
 */
public enum Reach {
  /** From anywhere on the internet. */
  PUBLIC,
  /** From the local network, this machine included. */
  LOCAL,
  /** From where is of no matter: a network of one's own. */
  ANY;

  private static final int MAX_ADDRESSES = 32;

  /** Those of the addresses that are of use here. */
  List<Multiaddr> filter(List<Multiaddr> addresses) {
    return addresses.stream().filter(this::isOfUse).distinct().limit(MAX_ADDRESSES).toList();
  }

  /** Whether who has these addresses can be reached here without a relay. */
  boolean admits(List<Multiaddr> addresses) {
    return addresses.stream().anyMatch(address -> !address.isCircuit() && isOfUse(address));
  }

  private boolean isOfUse(Multiaddr address) {
    return switch (this) {
      case PUBLIC -> address.ip().map(IpRanges::isPublic).orElseGet(() -> hasName(address));
      case LOCAL -> address.ip().map(IpRanges::isLocal).orElse(false);
      case ANY -> !address.isEmpty();
    };
  }

  private static boolean hasName(Multiaddr address) {
    return address.has(Protocol.DNS)
        || address.has(Protocol.DNS4)
        || address.has(Protocol.DNS6)
        || address.has(Protocol.DNSADDR);
  }
}
