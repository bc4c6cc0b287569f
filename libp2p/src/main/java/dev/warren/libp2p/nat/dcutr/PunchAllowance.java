package dev.warren.libp2p.nat.dcutr;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How often we punch: so many times a minute with one peer, and so many in all, since a new id
 * costs nothing.
 */
final class PunchAllowance {
  /** Two rounds of three attempts. */
  static final int PER_PEER = 6;

  static final int IN_ALL = 60;
  static final Duration WINDOW = Duration.ofMinutes(1);

  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();

  // All guarded by lock.
  private final Map<PeerId, Integer> perPeer = new HashMap<>(); // no more of them than IN_ALL
  private int taken;
  private long windowNanos;

  PunchAllowance(TimeSource time) {
    this.time = time;
    windowNanos = time.nanoTime();
  }

  /** Takes one turn with the peer, if there is one left. */
  boolean take(PeerId peer) {
    lock.lock();
    try {
      long now = time.nanoTime();
      if (now - windowNanos >= WINDOW.toNanos()) {
        windowNanos = now;
        taken = 0;
        perPeer.clear();
      }
      if (taken >= IN_ALL || perPeer.getOrDefault(peer, 0) >= PER_PEER) {
        return false;
      }
      taken++;
      perPeer.merge(peer, 1, Integer::sum);
      return true;
    } finally {
      lock.unlock();
    }
  }
}
