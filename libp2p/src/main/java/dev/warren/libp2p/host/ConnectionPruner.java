package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes connections that are worth least: idle ones by time, and the rest above the watermark. */
final class ConnectionPruner {
  private static final Logger log = LoggerFactory.getLogger(ConnectionPruner.class);

  /** A connection that has just come up has had no chance to be useful. */
  private static final Duration GRACE = Duration.ofSeconds(20);

  private final ConnectionTable table;
  private final Limits limits;
  private final Map<PeerId, Set<String>> protectedPeers = new ConcurrentHashMap<>();

  ConnectionPruner(ConnectionTable table, Limits limits) {
    this.table = table;
    this.limits = limits;
  }

  void protect(PeerId peer, String tag) {
    protectedPeers.compute(
        peer,
        (_, tags) -> {
          Set<String> all = tags == null ? ConcurrentHashMap.newKeySet() : tags;
          all.add(tag);
          return all;
        });
  }

  void unprotect(PeerId peer, String tag) {
    protectedPeers.computeIfPresent(
        peer,
        (_, tags) -> {
          tags.remove(tag);
          return tags.isEmpty() ? null : tags;
        });
  }

  boolean isProtected(PeerId peer) {
    return protectedPeers.containsKey(peer);
  }

  /** One regular round: buffers of quiet connections are let go, and idle connections closed. */
  void sweep(long nowNanos) {
    for (Connection connection : table.all()) {
      connection.trim();
      boolean tooIdle =
          connection.idleFor(nowNanos).compareTo(limits.idleTimeout()) >= 0
              && !isProtected(connection.remotePeer());
      if (tooIdle) {
        log.debug("closing {}: idle", connection);
        connection.beginClose();
      }
    }
    prune(nowNanos);
  }

  /** Above the high watermark, closes the least useful connections down to the low one. */
  void prune(long nowNanos) {
    int count = table.count();
    if (count <= limits.highWatermark()) {
      return;
    }
    List<Connection> leastUseful =
        table.all().stream()
            .filter(connection -> !isProtected(connection.remotePeer()))
            .filter(connection -> connection.age(nowNanos).compareTo(GRACE) > 0)
            .sorted(
                Comparator.comparingInt(Connection::streamCount)
                    .thenComparingLong(Connection::openedNanos))
            .limit(count - limits.lowWatermark())
            .toList();
    for (Connection connection : leastUseful) {
      log.debug("closing {}: {} connections are open", connection, count);
      connection.beginClose();
    }
  }
}
