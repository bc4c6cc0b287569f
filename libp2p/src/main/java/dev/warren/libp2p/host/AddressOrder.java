package dev.warren.libp2p.host;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;

/** In which order the addresses of a peer are tried. */
final class AddressOrder {
  private AddressOrder() {}

  /**
   * The most promising first: the local network before the internet, our own machine last (the
   * peer's loopback address is mostly ours by mistake), relays after direct ways, QUIC before TCP
   * (it is up in fewer round trips, and TCP follows where UDP is blocked), IPv6 before IPv4.
   */
  static List<Multiaddr> ranked(List<Multiaddr> addresses) {
    return addresses.stream()
        .distinct()
        .sorted(
            Comparator.comparing(Multiaddr::isCircuit)
                .thenComparing(AddressOrder::distance)
                .thenComparing(address -> !address.has(Protocol.QUIC_V1))
                .thenComparing(address -> !(address.ip().orElse(null) instanceof Inet6Address)))
        .toList();
  }

  private static int distance(Multiaddr address) {
    return address.ip().map(AddressOrder::distance).orElse(1);
  }

  private static int distance(InetAddress ip) {
    if (ip.isLoopbackAddress()) {
      return 2;
    }
    return ip.isSiteLocalAddress() || ip.isLinkLocalAddress() || isUniqueLocal(ip) ? 0 : 1;
  }

  /** fc00::/7 (RFC 4193), which the JDK has no name for. */
  private static boolean isUniqueLocal(InetAddress ip) {
    return ip instanceof Inet6Address && (ip.getAddress()[0] & 0xfe) == 0xfc;
  }
}
