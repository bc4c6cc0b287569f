package dev.warren.node;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/** Which of a node's addresses are told to others. */
final class UsefulAddresses {
  private UsefulAddresses() {}

  /** Those of this computer alone last, and those that hold on one link only not at all. */
  static List<Multiaddr> of(List<Multiaddr> all) {
    return Stream.concat(
            all.stream().filter(address -> !isLoopback(address) && !isLinkLocal(address)),
            all.stream().filter(UsefulAddresses::isLoopback))
        .toList();
  }

  private static boolean isLoopback(Multiaddr address) {
    return address.ip().map(InetAddress::isLoopbackAddress).orElse(false);
  }

  private static boolean isLinkLocal(Multiaddr address) {
    return address.ip().map(InetAddress::isLinkLocalAddress).orElse(false);
  }
}
