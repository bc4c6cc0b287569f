package dev.warren.libp2p.nat.autonat;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.IpRanges;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which addresses a server dials: never a name, which may stand for anything, a relay, a private
 * network, or itself.
 *
 * @param privateAddresses see {@link AutoNatLimits#privateAddresses}
 * @param dialable whether there is a transport for an address
 * @param own addresses of the server
 */
record DialBackPolicy(
    boolean privateAddresses, Predicate<Multiaddr> dialable, List<Multiaddr> own) {

  /** Of a request no more than these are looked at. */
  static final int MAX_REQUESTED = 50;

  /** No more than these are dialed for a request of the first version. */
  static final int MAX_DIALED = 8;

  /** One of the addresses of a request. */
  record Chosen(int index, Multiaddr address) {}

  /** The first that may be dialed: autonat-v2.md, "AutoNAT V2 Protocol". */
  Optional<Chosen> first(PeerId peer, List<ByteString> requested, InetAddress observed) {
    for (int i = 0; i < Math.min(MAX_REQUESTED, requested.size()); i++) {
      Optional<Multiaddr> address = parse(peer, requested.get(i));
      if (address.filter(each -> allows(each, observed)).isPresent()) {
        return Optional.of(new Chosen(i, address.get()));
      }
    }
    return Optional.empty();
  }

  /** What is asked for, at the IP address that the request came from: autonat-v1.md. */
  List<Multiaddr> atObserved(PeerId peer, List<ByteString> requested, InetAddress observed) {
    Set<Multiaddr> all = new LinkedHashSet<>();
    for (ByteString bytes : requested.subList(0, Math.min(MAX_REQUESTED, requested.size()))) {
      parse(peer, bytes)
          .filter(address -> address.ip().isPresent())
          .map(address -> moved(address, observed))
          .filter(address -> allows(address, observed))
          .ifPresent(all::add);
    }
    return all.stream().limit(MAX_DIALED).toList();
  }

  private static Multiaddr moved(Multiaddr address, InetAddress to) {
    var components = new ArrayList<>(address.components());
    Multiaddr moved = Multiaddr.ofIp(to);
    for (Multiaddr.Component component : components.subList(1, components.size())) {
      moved = moved.with(component.protocol(), component.value());
    }
    return moved;
  }

  private boolean allows(Multiaddr address, InetAddress observed) {
    return !address.isCircuit()
        && dialable.test(address)
        && address.port().orElse(0) > 0
        && address.ip().filter(ip -> isAllowed(ip) && isReachable(ip, observed)).isPresent();
  }

  private boolean isAllowed(InetAddress ip) {
    return privateAddresses
        || (IpRanges.isPublic(ip)
            && own.stream().noneMatch(address -> address.ip().filter(ip::equals).isPresent()));
  }

  /** Who has no IPv6 would report that nobody else has: autonat-v2.md. */
  private boolean isReachable(InetAddress ip, InetAddress observed) {
    return !(ip instanceof Inet6Address)
        || observed instanceof Inet6Address
        || own.stream()
            .flatMap(address -> address.ip().stream())
            .anyMatch(mine -> mine instanceof Inet6Address && IpRanges.isPublic(mine));
  }

  /** Without the peer; empty where there is no address, or one of another peer. */
  private static Optional<Multiaddr> parse(PeerId peer, ByteString bytes) {
    try {
      Multiaddr address = Multiaddr.fromBytes(bytes.toByteArray());
      return address.peer().filter(id -> !id.equals(peer.toString())).isPresent()
          ? Optional.empty()
          : Optional.of(address.withoutPeer());
    } catch (MalformedException e) {
      return Optional.empty(); // perhaps of a newer kind
    }
  }
}
