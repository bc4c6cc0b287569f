package dev.warren.libp2p.dht;

import dev.warren.libp2p.identity.PeerId;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How much each peer may ask: as much as the busiest honest one does, who provides ten thousand
 * keys in a network of a few, and no more. Peers that have not asked for long are forgotten, which
 * gives them no more than they would have by then.
 */
final class Allowances {
  /** What a question costs. */
  static final int ASK = 1;

  /** What a value costs, whose signature has to be checked. */
  static final int STORE_VALUE = 20;

  private static final int PER_SECOND = 200;
  private static final int BURST = 2_000;
  private static final long NANOS_EACH = 1_000_000_000L / PER_SECOND;
  private static final int MAX_PEERS = 10_000;

  private final ReentrantLock lock = new ReentrantLock();

  /** When the whole burst of a peer is there again; in order of use, guarded by lock. */
  private final SequencedMap<PeerId, Long> fullAtNanos = new LinkedHashMap<>(16, 0.75f, true);

  /** Takes so much off what the peer may ask, if it is left. */
  boolean take(PeerId peer, int cost, long nowNanos) {
    lock.lock();
    try {
      long fullAt = fullAtNanos.getOrDefault(peer, nowNanos);
      long missing = Math.max(0, fullAt - nowNanos) + cost * NANOS_EACH;
      if (missing > BURST * NANOS_EACH) {
        return false;
      }
      fullAtNanos.put(peer, nowNanos + missing);
      if (fullAtNanos.size() > MAX_PEERS) {
        fullAtNanos.pollFirstEntry();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
