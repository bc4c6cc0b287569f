package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.host.IpGroup;
import dev.warren.libp2p.identity.PeerId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who has a place at a relay, and how many circuits are open. Neither threads nor clocks: the one
 * who owns it locks it and says what time it is.
 */
final class RelayLedger {
  private record Place(Optional<IpGroup> from, long endsNanos) {}

  private final RelayLimits limits;

  /** In the order in which they end: each is good for the same time, and a renewed one is last. */
  private final Map<PeerId, Place> places = new LinkedHashMap<>();

  private final Map<IpGroup, Integer> placesByIp = new HashMap<>();
  private final Map<PeerId, Integer> circuitsByPeer = new HashMap<>();
  private int circuits;

  RelayLedger(RelayLimits limits) {
    this.limits = limits;
  }

  /** Takes or renews a place; false if there is none to be had. */
  boolean reserve(PeerId peer, Optional<IpGroup> from, long nowNanos) {
    release(peer); // one that is renewed counts once, and where the peer is now
    if (isFull(from)) {
      return false;
    }
    places.put(peer, new Place(from, nowNanos + limits.reservationLife().toNanos()));
    from.ifPresent(ip -> placesByIp.merge(ip, 1, Integer::sum));
    return true;
  }

  private boolean isFull(Optional<IpGroup> from) {
    return places.size() >= limits.maxReservations()
        || from.map(ip -> placesByIp.getOrDefault(ip, 0)).orElse(0)
            >= limits.maxReservationsPerIp();
  }

  boolean isReserved(PeerId peer, long nowNanos) {
    Place place = places.get(peer);
    return place != null && place.endsNanos - nowNanos > 0;
  }

  /** The peer has its place no longer; whether it had one. */
  boolean release(PeerId peer) {
    Place place = places.remove(peer);
    if (place == null) {
      return false;
    }
    place.from.ifPresent(ip -> subtract(placesByIp, ip));
    return true;
  }

  /** Takes back what has not been renewed; whose it was. */
  List<PeerId> expire(long nowNanos) {
    List<PeerId> expired =
        places.entrySet().stream()
            .takeWhile(entry -> entry.getValue().endsNanos - nowNanos <= 0)
            .map(Map.Entry::getKey)
            .toList();
    expired.forEach(this::release);
    return expired;
  }

  /** Counts one more circuit between two peers; false if that is too many. */
  boolean open(PeerId from, PeerId to) {
    if (circuits >= limits.maxCircuits() || isBusy(from) || isBusy(to)) {
      return false;
    }
    circuits++;
    circuitsByPeer.merge(from, 1, Integer::sum);
    circuitsByPeer.merge(to, 1, Integer::sum);
    return true;
  }

  private boolean isBusy(PeerId peer) {
    return circuitsByPeer.getOrDefault(peer, 0) >= limits.maxCircuitsPerPeer();
  }

  /** A circuit has ended. */
  void close(PeerId from, PeerId to) {
    circuits--;
    subtract(circuitsByPeer, from);
    subtract(circuitsByPeer, to);
  }

  int reservations() {
    return places.size();
  }

  int circuits() {
    return circuits;
  }

  /** Whether nothing is kept of anybody. */
  boolean isEmpty() {
    return places.isEmpty() && placesByIp.isEmpty() && circuits == 0 && circuitsByPeer.isEmpty();
  }

  private static <K> void subtract(Map<K, Integer> counts, K key) {
    counts.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
  }
}
