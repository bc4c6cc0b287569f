package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The open connections, and which of several to one peer is used.
 *
 * <p>A direct one is better than one through a relay. When two peers dial each other at the same
 * moment, both connections come up. Both ends then use the one that the peer with the lower id
 * dialed, without a word about it; the other is closed once no stream is left on it.
 *
 * <p>Of two that the peer has dialed the newer is better, of two that we have the older.
 */
final class ConnectionTable {
  private static final Comparator<Connection> PREFERENCE =
      Comparator.comparing(Connection::isRelayed)
          .thenComparing(connection -> !connection.isCanonical())
          .thenComparing(ConnectionTable::byAge);

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<PeerId, List<Connection>> byPeer = new HashMap<>(); // guarded by lock
  private int count; // guarded by lock
  private boolean closed; // guarded by lock

  /** Who dials again while there is one that it dialed has lost that, and we may not know yet. */
  private static int byAge(Connection one, Connection other) {
    int olderFirst = Long.compare(one.openedNanos() - other.openedNanos(), 0);
    return one.outbound() ? olderFirst : -olderFirst;
  }

  /** Adds a connection; false when the table has been closed. */
  boolean add(Connection connection) {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      List<Connection> same =
          byPeer.computeIfAbsent(connection.remotePeer(), _ -> new ArrayList<>(1));
      same.add(connection);
      same.sort(PREFERENCE);
      count++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  void remove(Connection connection) {
    lock.lock();
    try {
      List<Connection> same = byPeer.get(connection.remotePeer());
      if (same != null && same.remove(connection)) {
        count--;
        if (same.isEmpty()) {
          byPeer.remove(connection.remotePeer());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** The connection to use for a peer. */
  Optional<Connection> best(PeerId peer) {
    lock.lock();
    try {
      return byPeer.getOrDefault(peer, List.of()).stream().filter(Connection::isOpen).findFirst();
    } finally {
      lock.unlock();
    }
  }

  /** All connections to a peer, the one to use first. */
  List<Connection> of(PeerId peer) {
    lock.lock();
    try {
      return List.copyOf(byPeer.getOrDefault(peer, List.of()));
    } finally {
      lock.unlock();
    }
  }

  List<Connection> all() {
    lock.lock();
    try {
      return byPeer.values().stream().flatMap(List::stream).toList();
    } finally {
      lock.unlock();
    }
  }

  int count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** Refuses further connections and returns those there are. */
  List<Connection> close() {
    lock.lock();
    try {
      closed = true;
      return all();
    } finally {
      lock.unlock();
    }
  }
}
