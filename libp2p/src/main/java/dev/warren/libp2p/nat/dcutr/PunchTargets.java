package dev.warren.libp2p.nat.dcutr;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which of the addresses that a peer gives are tried. A peer can give those of somebody else, to
 * whom then goes what we send: so there are few of them, fewer at one machine, and none where it
 * would be a probe of our own network.
 */
final class PunchTargets {
  /** TCP and QUIC, over IPv4 and IPv6, at two ports each. */
  static final int MAX_ADDRESSES = 8;

  static final int MAX_PER_IP = 4;

  private final Predicate<InetAddress> allowed;

  PunchTargets(Predicate<InetAddress> allowed) {
    this.allowed = allowed;
  }

  List<Multiaddr> of(Collection<Multiaddr> claimed) {
    List<Multiaddr> targets = new ArrayList<>();
    Map<InetAddress, Integer> perIp = new HashMap<>();
    for (Multiaddr address : inTurns(claimed)) {
      if (targets.size() < MAX_ADDRESSES && isUsable(address) && !targets.contains(address)) {
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

  private boolean isUsable(Multiaddr address) {
    List<Protocol> protocols = address.protocols();
    boolean tcp = protocols.size() == 2 && protocols.getLast() == Protocol.TCP;
    boolean quic = protocols.size() == 3 && protocols.getLast() == Protocol.QUIC_V1;
    return (tcp || quic)
        && address.port().orElse(0) > 0
        && address.ip().filter(allowed).isPresent();
  }
}
