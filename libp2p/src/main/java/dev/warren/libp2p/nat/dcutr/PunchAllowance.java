package dev.warren.libp2p.nat.dcutr;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.TimeSource;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How often we punch: so many times a minute with one peer, and so many in all, since a new id
 * costs nothing. Who comes by a relay takes turns of one count, and those whom we call of another:
 * strangers do not use up what our own dials need.
 */
final class PunchAllowance {
  /** Two rounds of three attempts. */
  static final int PER_PEER = 6;

  /** With those who come by a relay, and once more with those whom we dialed by one. */
  static final int IN_ALL = 60;

  static final Duration WINDOW = Duration.ofMinutes(1);

  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();

  // All guarded by lock.
  private final Map<PeerId, Integer> perPeer = new HashMap<>(); // at most twice IN_ALL
  private int taken;
  private int answered;
  private long windowNanos;

  PunchAllowance(TimeSource time) {
    this.time = time;
    windowNanos = time.nanoTime();
  }

  /** Takes one turn with a peer that has come, if there is one left. */
  boolean take(PeerId peer) {
    return take(peer, false);
  }

  /** Takes one turn with a peer that we dialed, if there is one left. */
  boolean takeToAnswer(PeerId peer) {
    return take(peer, true);
  }

  private boolean take(PeerId peer, boolean answer) {
    lock.lock();
    try {
      long now = time.nanoTime();
      if (now - windowNanos >= WINDOW.toNanos()) {
        windowNanos = now;
        taken = 0;
        answered = 0;
        perPeer.clear();
      }
      if ((answer ? answered : taken) >= IN_ALL || perPeer.getOrDefault(peer, 0) >= PER_PEER) {
        return false;
      }
      if (answer) {
        answered++;
      } else {
        taken++;
      }
      perPeer.merge(peer, 1, Integer::sum);
      return true;
    } finally {
      lock.unlock();
    }
  }
}
