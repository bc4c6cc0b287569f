package dev.warren.libp2p.nat.reachability;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/** What NATs and firewalls tell apart. */
public enum TransportKind {
  TCP,
  QUIC;

  /** The kind of an address that is an IP address, a port, and nothing else but a peer. */
  public static Optional<TransportKind> of(Multiaddr address) {
    List<Protocol> parts = address.withoutPeer().protocols();
    if (parts.isEmpty() || (parts.getFirst() != Protocol.IP4 && parts.getFirst() != Protocol.IP6)) {
      return Optional.empty();
    }
    List<Protocol> rest = parts.subList(1, parts.size());
    if (rest.equals(List.of(Protocol.TCP))) {
      return Optional.of(TCP);
    }
    return rest.equals(List.of(Protocol.UDP, Protocol.QUIC_V1))
        ? Optional.of(QUIC)
        : Optional.empty();
  }

  Multiaddr at(InetSocketAddress address) {
    return switch (this) {
      case TCP -> Multiaddr.ofTcp(address);
      case QUIC -> Multiaddr.ofUdp(address).with(Protocol.QUIC_V1);
    };
  }

  Multiaddr at(InetAddress ip, int port) {
    return at(new InetSocketAddress(ip, port));
  }
}
