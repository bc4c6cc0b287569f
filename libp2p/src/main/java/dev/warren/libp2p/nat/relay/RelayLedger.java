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
  /** Whom something is counted for. */
  record Party(PeerId peer, Optional<IpGroup> ip) {}

  private record Place(Optional<IpGroup> from, long endsNanos) {}

  private RelayLimits limits;

  /** In the order in which they end: each is good for the same time, and a renewed one is last. */
  private final Map<PeerId, Place> places = new LinkedHashMap<>();

  private final IpTally placesByIp = new IpTally();
  private final Map<PeerId, Integer> circuitsByPeer = new HashMap<>();
  private final IpTally circuitsByIp = new IpTally();
  private int circuits;

  RelayLedger(RelayLimits limits) {
    this.limits = limits;
  }

  /** What is granted from now on. */
  void setLimits(RelayLimits others) {
    limits = others;
  }

  /**
   * Takes or renews a place; false if there is none to be had, which leaves the one that the peer
   * may have ("remains valid until its expiration", §"Reservation").
   */
  boolean reserve(PeerId peer, Optional<IpGroup> from, long nowNanos) {
    if (isFull(Optional.ofNullable(places.get(peer)), from)) {
      return false;
    }
    release(peer);
    places.put(peer, new Place(from, nowNanos + limits.reservationLife().toNanos()));
    placesByIp.add(from);
    return true;
  }

  /** One that is renewed counts once, and where the peer is now. */
  private boolean isFull(Optional<Place> renewed, Optional<IpGroup> from) {
    int others = places.size() - (renewed.isPresent() ? 1 : 0);
    boolean moves = renewed.filter(place -> place.from.equals(from)).isEmpty();
    int most = limits.maxReservationsPerIp();
    return others >= limits.maxReservations() || placesByIp.isFull(from, moves ? most : most + 1);
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
    placesByIp.remove(place.from);
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

  /** Counts one more circuit between two; false if that is too many. */
  boolean open(Party from, Party to) {
    if (circuits >= limits.maxCircuits() || isBusy(from) || isBusy(to)) {
      return false;
    }
    circuits++;
    add(from);
    add(to);
    return true;
  }

  private boolean isBusy(Party party) {
    return circuitsByPeer.getOrDefault(party.peer, 0) >= limits.maxCircuitsPerPeer()
        || circuitsByIp.isFull(party.ip, limits.maxCircuitsPerIp());
  }

  private void add(Party party) {
    circuitsByPeer.merge(party.peer, 1, Integer::sum);
    circuitsByIp.add(party.ip);
  }

  /** A circuit has ended. */
  void close(Party from, Party to) {
    circuits--;
    remove(from);
    remove(to);
  }

  private void remove(Party party) {
    circuitsByPeer.computeIfPresent(party.peer, (_, count) -> count == 1 ? null : count - 1);
    circuitsByIp.remove(party.ip);
  }

  int reservations() {
    return places.size();
  }

  int circuits() {
    return circuits;
  }

  /** Whether nothing is kept of anybody. */
  boolean isEmpty() {
    return places.isEmpty()
        && placesByIp.isEmpty()
        && circuits == 0
        && circuitsByPeer.isEmpty()
        && circuitsByIp.isEmpty();
  }
}
