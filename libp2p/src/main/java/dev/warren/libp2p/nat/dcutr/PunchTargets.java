package dev.warren.libp2p.nat.dcutr;

import static java.util.stream.Collectors.toSet;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Which of the addresses that a peer gives are tried. A peer can give those of somebody else, to
 * whom then goes what we send: so there are few of them, fewer at one machine, and none where it
 * would be a probe of our own network, unless the peer may be there itself.
 */
final class PunchTargets {
  /** TCP and QUIC, over IPv4 and IPv6, at two ports each. */
  static final int MAX_ADDRESSES = 8;

  static final int MAX_PER_IP = 4;

  /** Of those, in our own network. */
  static final int MAX_NEAR = 4;

  /** What is below is where routers and printers are spoken to, and no player listens. */
  private static final int LEAST_NEAR_PORT = 1024;

  private final Predicate<InetAddress> allowed;
  private final Supplier<Predicate<InetAddress>> near;

  /**
   * @param allowed at which addresses everybody is tried
   * @param near at which beside them, of our own network at present, whoever may be there
   */
  PunchTargets(Predicate<InetAddress> allowed, Supplier<Predicate<InetAddress>> near) {
    this.allowed = allowed;
    this.near = near;
  }

  List<Multiaddr> of(Collection<Multiaddr> claimed) {
    return select(claimed, allowed, MAX_ADDRESSES);
  }

  /**
   * The same, and before them those of our own network, where others see the peer at an IP address
   * at which they see us: the router that both are behind need not send back in what is sent to
   * itself. Both may say so and be behind the same carrier's router only, or lie; then somebody
   * else is met there, or nobody.
   *
   * @param seen as what others see the peer
   * @param known where else it may be
   * @param own as what others see us
   */
  List<Multiaddr> of(
      Collection<Multiaddr> seen, Collection<Multiaddr> known, Collection<Multiaddr> own) {
    Set<InetAddress> ips = own.stream().flatMap(it -> it.ip().stream()).collect(toSet());
    List<Multiaddr> targets = new ArrayList<>();
    if (seen.stream().flatMap(it -> it.ip().stream()).anyMatch(ips::contains)) {
      List<Multiaddr> unprivileged =
          known.stream().filter(it -> it.port().orElse(0) >= LEAST_NEAR_PORT).toList();
      targets.addAll(select(unprivileged, near.get(), MAX_NEAR));
    }
    targets.addAll(select(seen, allowed, MAX_ADDRESSES - targets.size()));
    return targets;
  }

  private static List<Multiaddr> select(
      Collection<Multiaddr> claimed, Predicate<InetAddress> allowed, int max) {
    List<Multiaddr> targets = new ArrayList<>();
    Map<InetAddress, Integer> perIp = new HashMap<>();
    for (Multiaddr address : inTurns(claimed)) {
      if (targets.size() < max && isUsable(address, allowed) && !targets.contains(address)) {
        int sameIp = perIp.merge(address.ip().orElseThrow(), 1, Integer::sum);
        if (sameIp <= MAX_PER_IP) {
          targets.add(address);
        }
      }
    }
    return targets;
  }

  /** QUIC, by which more holes are punched, and TCP: neither is to crowd the other out. */
  private static List<Multiaddr> inTurns(Collection<Multiaddr> claimed) {
    List<Multiaddr> quic = new ArrayList<>();
    List<Multiaddr> others = new ArrayList<>();
    for (Multiaddr claim : claimed) {
      (claim.has(Protocol.QUIC_V1) ? quic : others).add(claim.withoutPeer());
    }
    List<Multiaddr> all = new ArrayList<>();
    for (int i = 0; i < Math.max(quic.size(), others.size()); i++) {
      quic.stream().skip(i).findFirst().ifPresent(all::add);
      others.stream().skip(i).findFirst().ifPresent(all::add);
    }
    return all;
  }

  private static boolean isUsable(Multiaddr address, Predicate<InetAddress> allowed) {
    List<Protocol> protocols = address.protocols();
    boolean tcp = protocols.size() == 2 && protocols.getLast() == Protocol.TCP;
    boolean quic = protocols.size() == 3 && protocols.getLast() == Protocol.QUIC_V1;
    return (tcp || quic)
        && address.port().orElse(0) > 0
        && address.ip().filter(allowed).isPresent();
  }
}
