package dev.warren.node;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.net.Inet6Address;
import java.net.InetAddress;

/** How a peer is connected, in the words of people: {@code direct, LAN}. */
final class ConnectionPath {
  private ConnectionPath() {}

  /** Describes the way to the other end of a connection. */
  static String describe(Multiaddr remote) {
    if (remote.isCircuit()) {
      return "relayed";
    }
    return "direct, " + remote.ip().map(ConnectionPath::network).orElse("by name");
  }

  private static String network(InetAddress ip) {
    if (ip.isLoopbackAddress()) {
      return "this computer";
    }
    if (ip.isSiteLocalAddress() || ip.isLinkLocalAddress() || isUniqueLocal(ip)) {
      return "LAN";
    }
    return ip instanceof Inet6Address ? "IPv6" : "IPv4";
  }

  /** RFC 4193: fc00::/7. */
  private static boolean isUniqueLocal(InetAddress ip) {
    return ip instanceof Inet6Address && (ip.getAddress()[0] & 0xfe) == 0xfc;
  }
}
