package dev.warren.libp2p.host;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/** Turns an address that means "every interface" into those of the interfaces. */
final class InterfaceAddresses {
  private InterfaceAddresses() {}

  /** The addresses that others may try when we listen on this one. */
  static List<Multiaddr> expand(Multiaddr listening) {
    InetAddress ip = listening.ip().orElse(null);
    if (ip == null || !ip.isAnyLocalAddress()) {
      return List.of(listening);
    }
    String text = listening.toString();
    String afterIp = text.substring(text.indexOf('/', text.indexOf('/', 1) + 1));
    boolean v4Only = ip instanceof Inet4Address;
    // An IPv6 socket bound to all interfaces takes IPv4 connections too.
    return addresses()
        .filter(address -> !v4Only || address instanceof Inet4Address)
        // A link-local address means nothing without the name of the other's interface.
        .filter(address -> !address.isLinkLocalAddress() && !address.isMulticastAddress())
        .map(
            address ->
                Multiaddr.parse(
                    (address instanceof Inet4Address ? "/ip4/" : "/ip6/")
                        + address.getHostAddress().replaceFirst("%.*", "")
                        + afterIp))
        .toList();
  }

  private static Stream<InetAddress> addresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .filter(InterfaceAddresses::isUp)
          .flatMap(face -> Collections.list(face.getInetAddresses()).stream());
    } catch (IOException _) {
      return Stream.of(InetAddress.getLoopbackAddress());
    }
  }

  private static boolean isUp(NetworkInterface face) {
    try {
      return face.isUp();
    } catch (IOException _) {
      return false;
    }
  }
}
