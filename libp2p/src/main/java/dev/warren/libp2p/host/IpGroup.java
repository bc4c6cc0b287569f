package dev.warren.libp2p.host;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One IPv4 address or one IPv6 /64: what a single customer usually has, and is counted as one.
 *
 * @param prefix in hexadecimal
 */
public record IpGroup(String prefix) {
  private static final int IPV6_PREFIX_BYTES = 8;
  private static final int SITE_PREFIX_BYTES = 6;

  /** As many groups of a site as may use all of their share. */
  private static final int SHARES_OF_A_SITE = 8;

  /** The group of an address. */
  public static IpGroup of(InetAddress ip) {
    byte[] bytes = ip.getAddress();
    int prefixBytes = ip instanceof Inet4Address ? bytes.length : IPV6_PREFIX_BYTES;
    return new IpGroup(HexFormat.of().formatHex(bytes, 0, prefixBytes));
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

  /**
   * All that has to be counted for this group: itself, and its {@link #site}. Whoever has a /48 has
   * 65,536 groups, so that all of one together are bounded too.
   */
  public Stream<IpGroup> withSite() {
    return Stream.concat(Stream.of(this), site().stream());
  }

  /** How many times the share of one group this may have. */
  public int shares() {
    return prefix.length() == 2 * SITE_PREFIX_BYTES ? SHARES_OF_A_SITE : 1;
  }

  /** The /48 that an IPv6 group is in: the most that one customer gets, who may use all of it. */
  public Optional<IpGroup> site() {
    return prefix.length() == 2 * IPV6_PREFIX_BYTES
        ? Optional.of(new IpGroup(prefix.substring(0, 2 * SITE_PREFIX_BYTES)))
        : Optional.empty();
  }
}
