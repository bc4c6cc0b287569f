package dev.warren.libp2p.nat.reachability;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * One whose word counts once: an IPv4 address or an IPv6 /56, which is what one customer may have;
 * on this machine, where laboratories are, a peer.
 */
record Observer(String name) {
  private static final int IPV6_PREFIX_BYTES = 7;

  static Observer of(PeerId peer, Multiaddr remote) {
    return new Observer(
        remote
            .ip()
            .filter(ip -> !ip.isLoopbackAddress())
            .map(Observer::prefix)
            .orElse(peer.toString()));
  }

  private static String prefix(InetAddress ip) {
    byte[] bytes = ip.getAddress();
    return HexFormat.of()
        .formatHex(ip instanceof Inet6Address ? Arrays.copyOf(bytes, IPV6_PREFIX_BYTES) : bytes);
  }
}
