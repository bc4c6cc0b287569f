package dev.warren.libp2p.discovery;

import dev.warren.libp2p.discovery.DnsMessage.Data;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What one message says about one instance of a service.
 *
 * @param ttlSeconds for how long it holds; 0 is a goodbye
 * @param peer who is there; empty where the message does not say
 * @param addresses where, without the peer's id
 */
record Sighting(
    DnsName instance, long ttlSeconds, Optional<PeerId> peer, List<Multiaddr> addresses) {

  /** Begins what a TXT string says of an address (specs, discovery/mdns, "Response"). */
  static final String ADDRESS_PREFIX = "dnsaddr=";

  /**
   * The instances that a message points to. Pointers and texts may be in any section: go announces
   * itself with all in the answers, js always does, rust has the texts in the additional records.
   */
  static List<Sighting> in(DnsMessage message, ServiceName service) {
    return message
        .records()
        .filter(record -> record.name().equals(service.question()))
        .flatMap(
            record ->
                record.data() instanceof Data.Pointer(DnsName instance)
                    ? Optional.of(of(instance, record.ttlSeconds(), message)).stream()
                    : Optional.<Sighting>empty().stream())
        .toList();
  }

  /** This, without the addresses that do not pass. */
  Sighting only(Predicate<Multiaddr> passing) {
    return new Sighting(instance, ttlSeconds, peer, addresses.stream().filter(passing).toList());
  }

  private static Sighting of(DnsName instance, long ttlSeconds, DnsMessage message) {
    List<Multiaddr> addresses = new ArrayList<>();
    Optional<PeerId> peer = Optional.empty();
    for (DnsMessage.ResourceRecord record : message.records().toList()) {
      if (record.name().equals(instance) && record.data() instanceof Data.Text(var strings)) {
        for (String text : strings) {
          Optional<Multiaddr> address = address(text);
          Optional<PeerId> whose = address.flatMap(Sighting::peer);
          // One instance is one peer: the first address says which.
          peer = peer.or(() -> whose);
          if (whose.isPresent() && whose.equals(peer)) {
            addresses.add(address.orElseThrow().withoutPeer());
          }
        }
      }
    }
    return new Sighting(instance, ttlSeconds, peer, List.copyOf(addresses));
  }

  private static Optional<Multiaddr> address(String text) {
    try {
      return text.startsWith(ADDRESS_PREFIX)
          ? Optional.of(Multiaddr.parse(text.substring(ADDRESS_PREFIX.length())))
          : Optional.empty();
    } catch (MalformedException e) {
      return Optional.empty(); // of a protocol yet unknown, or none; the others may do
    }
  }

  private static Optional<PeerId> peer(Multiaddr address) {
    try {
      return address.peer().map(PeerId::parse);
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }
}
