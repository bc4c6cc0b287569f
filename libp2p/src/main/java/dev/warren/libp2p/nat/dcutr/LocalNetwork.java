package dev.warren.libp2p.nat.dcutr;

import dev.warren.libp2p.multiformats.IpRanges;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.List;
import java.util.function.Predicate;

/**
 * A network that one of our interfaces is in.
 *
 * @param own our address there
 */
record LocalNetwork(InetAddress own, int prefixBits) {
  /** Whether the address is one of the network. */
  boolean holds(InetAddress ip) {
    byte[] ours = own.getAddress();
    byte[] other = ip.getAddress();
    return ours.length == other.length
        && prefixBits > 0 // or the system does not know
        && new BigInteger(1, ours).xor(new BigInteger(1, other)).bitLength()
            <= ours.length * Byte.SIZE - prefixBits;
  }

  /** Whether another machine may be there, in one of the networks that we are in at present. */
  static Predicate<InetAddress> neighbours() {
    return neighbours(all());
  }

  static Predicate<InetAddress> neighbours(List<LocalNetwork> networks) {
    return ip ->
        IpRanges.isLocal(ip)
            && !ip.isLinkLocalAddress() // another machine at each interface
            && networks.stream().noneMatch(it -> it.own.equals(ip))
            && networks.stream().anyMatch(it -> it.holds(ip));
  }

  static List<LocalNetwork> all() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(LocalNetwork::isOfNeighbours)
          .flatMap(it -> it.getInterfaceAddresses().stream())
          .map(it -> new LocalNetwork(it.getAddress(), it.getNetworkPrefixLength()))
          .toList();
    } catch (IOException _) {
      return List.of();
    }
  }

  /** At the other end of a tunnel there are others than those behind our router. */
  private static boolean isOfNeighbours(NetworkInterface face) {
    try {
      return face.isUp() && !face.isLoopback() && !face.isPointToPoint();
    } catch (IOException _) {
      return false;
    }
  }
}
