package dev.warren.libp2p.nat.reachability;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a host knows of how it can be reached.
 *
 * @param transports what is known of each, if anything
 * @param addresses those that may lead here from the internet
 * @param ip4 as which IPv4 address others see this host
 * @param ip6 as which IPv6 address others see this host
 */
public record Reachability(
    Map<TransportKind, OfTransport> transports,
    List<OfAddress> addresses,
    Optional<InetAddress> ip4,
    Optional<InetAddress> ip6) {

  /** Before anything is known. */
  public static final Reachability UNKNOWN =
      new Reachability(Map.of(), List.of(), Optional.empty(), Optional.empty());

  public Reachability {
    transports = Map.copyOf(transports);
    addresses = List.copyOf(addresses);
  }

  /** One transport, over all of its addresses. */
  public record OfTransport(Verdict verdict, NatMapping mapping, NatFiltering filtering) {
    static final OfTransport UNKNOWN =
        new OfTransport(Verdict.UNKNOWN, NatMapping.UNKNOWN, NatFiltering.UNKNOWN);
  }

  /** One address. */
  public record OfAddress(Multiaddr address, Verdict verdict) {}

  /** What is known of the transport. */
  public OfTransport of(TransportKind kind) {
    return transports.getOrDefault(kind, OfTransport.UNKNOWN);
  }

  /** Whether the host can be dialed: by one transport is enough. */
  public Verdict verdict() {
    List<Verdict> all = transports.values().stream().map(OfTransport::verdict).toList();
    if (all.contains(Verdict.PUBLIC)) {
      return Verdict.PUBLIC;
    }
    return all.contains(Verdict.PRIVATE) ? Verdict.PRIVATE : Verdict.UNKNOWN;
  }

  /** What is known of the address. */
  public Verdict of(Multiaddr address) {
    return addresses.stream()
        .filter(each -> each.address().equals(address))
        .findFirst()
        .map(OfAddress::verdict)
        .orElse(Verdict.UNKNOWN);
  }

  /** The addresses at which the host was reached. */
  public List<Multiaddr> confirmed() {
    return with(Verdict.PUBLIC);
  }

  /** The addresses that were tried in vain. */
  public List<Multiaddr> unreachable() {
    return with(Verdict.PRIVATE);
  }

  private List<Multiaddr> with(Verdict verdict) {
    return addresses.stream()
        .filter(each -> each.verdict() == verdict)
        .map(OfAddress::address)
        .toList();
  }
}
