package dev.warren.libp2p.host;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** In which order the addresses of a peer are tried. */
final class AddressOrder {
  private static final int LOCAL_NETWORK = 0;
  private static final int INTERNET = 1;
  private static final int OURSELVES = 2;

  private AddressOrder() {}

  /**
   * The most promising first: the local network before the internet, our own machine last (the
   * peer's loopback address is mostly ours by mistake), relays after direct ways, IPv6 before IPv4.
   * Over the internet QUIC goes before TCP: it is up in fewer round trips and home routers let it
   * pass. One TCP address is second: where UDP is blocked no QUIC address answers. Where there are
   * neither, TCP carries more.
   */
  static List<Multiaddr> ranked(List<Multiaddr> addresses) {
    List<Multiaddr> ranked =
        addresses.stream()
            .distinct()
            .sorted(
                Comparator.comparing(Multiaddr::isCircuit)
                    .thenComparing(AddressOrder::distance)
                    .thenComparing(
                        address -> address.has(Protocol.QUIC_V1) != (distance(address) == INTERNET))
                    .thenComparing(address -> !(address.ip().orElse(null) instanceof Inet6Address)))
            .collect(Collectors.toCollection(ArrayList::new));
    List<Multiaddr> internet =
        ranked.stream().filter(it -> !it.isCircuit() && distance(it) == INTERNET).toList();
    if (!internet.isEmpty() && internet.getFirst().has(Protocol.QUIC_V1)) {
      internet.stream()
          .filter(address -> !address.has(Protocol.QUIC_V1))
          .findFirst()
          .ifPresent(
              other -> {
                ranked.remove(other);
                ranked.add(ranked.indexOf(internet.getFirst()) + 1, other);
              });
    }
    return ranked;
  }

  private static int distance(Multiaddr address) {
    return address.ip().map(AddressOrder::distance).orElse(INTERNET);
  }

  private static int distance(InetAddress ip) {
    if (ip.isLoopbackAddress()) {
      return OURSELVES;
    }
    return ip.isSiteLocalAddress() || ip.isLinkLocalAddress() || isUniqueLocal(ip)
        ? LOCAL_NETWORK
        : INTERNET;
  }

  /** fc00::/7 (RFC 4193), which the JDK has no name for. */
  private static boolean isUniqueLocal(InetAddress ip) {
    return ip instanceof Inet6Address && (ip.getAddress()[0] & 0xfe) == 0xfc;
  }
}
