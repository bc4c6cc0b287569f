package dev.warren.sharecodes;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What an address is good for, the most useful first. */
enum AddressUse {
  /** From anywhere; a name counts as well. */
  PUBLIC,
  /** From anywhere, through another peer. */
  RELAYED,
  /** From the same network. */
  PRIVATE,
  /** From this machine, or not to be told. */
  LOCAL;

  static AddressUse of(Multiaddr address) {
    if (address.isCircuit()) {
      return RELAYED;
    }
    // Looking up the zone would ask this machine for its interfaces.
    if (address.has(Protocol.IP6ZONE)) {
      return LOCAL;
    }
    if (address.has(Protocol.DNS)
        || address.has(Protocol.DNS4)
        || address.has(Protocol.DNS6)
        || address.has(Protocol.DNSADDR)) {
      return PUBLIC;
    }
    return address.ip().map(AddressUse::of).orElse(LOCAL);
  }

  private static AddressUse of(InetAddress ip) {
    if (ip.isLoopbackAddress()
        || ip.isLinkLocalAddress()
        || ip.isAnyLocalAddress()
        || ip.isMulticastAddress()) {
      return LOCAL;
    }
    return ip.isSiteLocalAddress() || isUniqueLocal(ip) || isCarrierGrade(ip) ? PRIVATE : PUBLIC;
  }

  /** RFC 4193: fc00::/7. */
  private static boolean isUniqueLocal(InetAddress ip) {
    return ip instanceof Inet6Address && (ip.getAddress()[0] & 0xfe) == 0xfc;
  }

  /** RFC 6598: 100.64.0.0/10. */
  private static boolean isCarrierGrade(InetAddress ip) {
    byte[] bytes = ip.getAddress();
    return bytes.length == 4 && bytes[0] == 100 && (bytes[1] & 0xc0) == 64;
  }

  /**
   * The addresses in the order in which to keep them: the first of every use, then the second of
   * every use and so on, since one more of a kind helps less than one of another kind.
   */
  static List<Multiaddr> order(List<Multiaddr> addresses) {
    record Ranked(Multiaddr address, int round, AddressUse use) {}
    Map<AddressUse, Integer> seen = new EnumMap<>(AddressUse.class);
    List<Ranked> ranked = new ArrayList<>();
    for (Multiaddr address : addresses) {
      AddressUse use = of(address);
      // What reaches no further than this machine comes after everything else.
      int round = use == LOCAL ? Integer.MAX_VALUE : seen.merge(use, 1, Integer::sum);
      ranked.add(new Ranked(address, round, use));
    }
    return ranked.stream()
        .sorted(Comparator.comparingInt(Ranked::round).thenComparing(Ranked::use))
        .map(Ranked::address)
        .toList();
  }
}
