package dev.warren.libp2p.host;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Optional;

/** One IPv4 address or one IPv6 /64: what a single customer usually has, and is counted as one. */
public record IpGroup(String prefix) {
  private static final int IPV6_PREFIX_BYTES = 8;

  /** The group of an address. */
  public static IpGroup of(InetAddress ip) {
    byte[] bytes = ip.getAddress();
    byte[] prefix = ip instanceof Inet4Address ? bytes : Arrays.copyOf(bytes, IPV6_PREFIX_BYTES);
    return new IpGroup(Arrays.toString(prefix));
  }

  /**
   * The group of a peer at an address; empty where it does not say who the customer is: without an
   * IP address, on this machine, or behind a relay.
   */
  public static Optional<IpGroup> of(Multiaddr remote) {
    return remote.isCircuit()
        ? Optional.empty()
        : remote.ip().filter(ip -> !ip.isLoopbackAddress()).map(IpGroup::of);
  }
}
