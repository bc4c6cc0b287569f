package dev.warren.libp2p.dht.routing;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;

/**
 * Which addresses are likely to be in one hand (IPFS kad-dht, "IP Diversity Filter"): IPv4 by /16,
 * or /8 where one organisation has all of it. For IPv6 the spec wants the autonomous system, which
 * only a table of the world's routes tells; a /32 is what a registry gives to one provider.
 */
final class IpGroups {
  /** Held by one organisation each since before there were smaller blocks. */
  private static final Set<Integer> LEGACY_CLASS_A = Set.of(12, 17, 19, 38, 48, 53, 56, 73);

  private static final long IPV6 = 1L << 32;

  private static final long[] NONE = {};

  private IpGroups() {}

  /** The groups of all addresses that are of an IP, each once. */
  static long[] of(List<Multiaddr> addresses) {
    if (addresses.isEmpty()) {
      return NONE;
    }
    return addresses.stream()
        .filter(address -> !address.isCircuit()) // or it would be the relay's group
        .flatMap(address -> address.ip().stream())
        .mapToLong(IpGroups::of)
        .distinct()
        .toArray();
  }

  private static long of(InetAddress ip) {
    int first32 = ByteBuffer.wrap(ip.getAddress()).getInt();
    if (!(ip instanceof Inet4Address)) {
      return IPV6 | Integer.toUnsignedLong(first32);
    }
    int first8 = first32 >>> 24;
    return LEGACY_CLASS_A.contains(first8) ? first8 : 0x1_0000 | first32 >>> 16;
  }
}
