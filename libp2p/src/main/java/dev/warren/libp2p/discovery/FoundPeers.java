package dev.warren.libp2p.discovery;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The peers that one search has found, so that each is told of once. Not thread-safe.
 *
 * <p>Bounded in all and for each source, for anybody on the network can make peers up. The one that
 * was heard of longest ago makes room: a flood then costs repetitions, and hides nobody.
 */
final class FoundPeers {
  static final int MAX_PEERS = 1024;
  static final int MAX_PEERS_OF_SOURCE = 64;
  static final int MAX_ADDRESSES_OF_PEER = 32;

  /** Longer than any implementation's; RFC 6762, 10, has 75 minutes. */
  private static final long MAX_TTL_SECONDS = 75 * 60;

  /**
   * Of one peer.
   *
   * @param instance its latest name; rust takes another one for each answer
   */
  private record Entry(InetAddress source, DnsName instance, Map<Multiaddr, Told> addresses) {}

  /** Who told of an address, and when it is to be forgotten. */
  private record Told(InetAddress source, long untilNanos) {}

  /** The one heard of longest ago first. */
  private final Map<PeerId, Entry> peers = new LinkedHashMap<>();

  /**
   * Takes note of a peer, or of its leaving, after which it is news again.
   *
   * @return all its addresses, if there is one among them that was not known
   */
  Optional<List<Multiaddr>> heard(Sighting sighting, InetAddress source, long nowNanos) {
    if (sighting.ttlSeconds() == 0) {
      peers.values().removeIf(entry -> entry.instance().equals(sighting.instance()));
      return Optional.empty();
    }
    PeerId peer = sighting.peer().orElseThrow();
    Entry before = peers.remove(peer);
    Map<Multiaddr, Told> known = before == null ? new LinkedHashMap<>() : before.addresses();
    known.values().removeIf(told -> told.untilNanos() - nowNanos <= 0);
    long ttlNanos = TimeUnit.SECONDS.toNanos(Math.min(sighting.ttlSeconds(), MAX_TTL_SECONDS));
    boolean news = false;
    for (Multiaddr address : sighting.addresses()) {
      if (known.containsKey(address) || hasRoom(known, source)) {
        news |= known.put(address, new Told(source, nowNanos + ttlNanos)) == null;
      }
    }
    if (known.isEmpty()) {
      return Optional.empty();
    }
    if (before == null) {
      makeRoom(source);
    }
    peers.put(peer, new Entry(source, sighting.instance(), known));
    return news ? Optional.of(List.copyOf(known.keySet())) : Optional.empty();
  }

  /** What another one said of the peer makes room: else who is first could hide where it is. */
  private static boolean hasRoom(Map<Multiaddr, Told> known, InetAddress source) {
    if (known.size() < MAX_ADDRESSES_OF_PEER) {
      return true;
    }
    Optional<Multiaddr> ofAnother =
        known.entrySet().stream()
            .filter(entry -> !entry.getValue().source().equals(source))
            .map(Map.Entry::getKey)
            .findFirst();
    ofAnother.ifPresent(known::remove);
    return ofAnother.isPresent();
  }

  private void makeRoom(InetAddress source) {
    List<PeerId> ofSource =
        peers.entrySet().stream()
            .filter(entry -> entry.getValue().source().equals(source))
            .map(Map.Entry::getKey)
            .toList();
    if (ofSource.size() >= MAX_PEERS_OF_SOURCE) {
      peers.remove(ofSource.getFirst());
    } else if (peers.size() >= MAX_PEERS) {
      peers.remove(peers.keySet().iterator().next());
    }
  }
}
