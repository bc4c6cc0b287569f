package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.IpGroup;
import dev.warren.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How often each address may ask a relay for something, be it granted or not; where there is no
 * address, each peer. Each answer costs a signature or a message to somebody else. Who has not
 * asked for long is forgotten, which gives them no more than they would have by then.
 */
final class RequestRates {
  /** As many as come at once when all behind one address lose their connection. */
  static final int BURST = 100;

  static final Duration EACH = Duration.ofMillis(500);

  private static final int MAX_KEPT = 20_000;

  private final ReentrantLock lock = new ReentrantLock();

  /** When the whole burst is there again; in order of use, guarded by lock. */
  private final SequencedMap<Object, Long> fullAtNanos = new LinkedHashMap<>(16, 0.75f, true);

  /** Counts one request; false if it is one too many. */
  boolean take(Connection from, long nowNanos) {
    return take(IpGroup.of(from.remoteAddress()), from.remotePeer(), nowNanos);
  }

  boolean take(Optional<IpGroup> ip, PeerId peer, long nowNanos) {
    return ip.isPresent()
        ? ip.get().withSite().allMatch(each -> take(each, each.shares(), nowNanos))
        : take(peer, 1, nowNanos);
  }

  /**
   * @param shares how many times what others may
   */
  boolean take(Object who, int shares, long nowNanos) {
    long costNanos = EACH.toNanos() / shares;
    lock.lock();
    try {
      long missing = Math.max(0, fullAtNanos.getOrDefault(who, nowNanos) - nowNanos);
      if (missing + costNanos > BURST * EACH.toNanos()) {
        return false;
      }
      fullAtNanos.put(who, nowNanos + missing + costNanos);
      if (fullAtNanos.size() > MAX_KEPT) {
        fullAtNanos.pollFirstEntry();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
