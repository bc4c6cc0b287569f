package dev.warren.libp2p.nat.autonat;

import dev.warren.libp2p.host.IpGroup;
import dev.warren.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Whom a server has served within the last minute, and whom it serves now. Neither threads nor
 * clocks: the one who owns it locks it and says what time it is.
 */
final class DialBackLedger {
  private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

  private record Served(PeerId peer, Optional<IpGroup> from, long atNanos) {}

  private final AutoNatLimits limits;
  private final Deque<Served> served = new ArrayDeque<>();
  private final Deque<Long> elsewhere = new ArrayDeque<>();
  private final Set<PeerId> underWay = new HashSet<>();

  DialBackLedger(AutoNatLimits limits) {
    this.limits = limits;
  }

  /** Begins to serve a peer, one request at a time; false if that would be too much. */
  boolean begin(PeerId peer, Optional<IpGroup> from, long nowNanos) {
    while (!served.isEmpty() && nowNanos - served.getFirst().atNanos() >= MINUTE_NANOS) {
      served.removeFirst();
    }
    boolean allowed =
        served.size() < limits.perMinute()
            && count(it -> it.peer().equals(peer)) < limits.perMinuteEach()
            && from.stream().flatMap(IpGroup::withSite).noneMatch(this::isFull)
            && underWay.add(peer);
    if (allowed) {
      served.addLast(new Served(peer, from, nowNanos));
    }
    return allowed;
  }

  /** Of what is remembered, never more than {@link AutoNatLimits#perMinute}. */
  private long count(Predicate<Served> which) {
    return served.stream().filter(which).count();
  }

  private boolean isFull(IpGroup group) {
    return count(it -> it.from().stream().flatMap(IpGroup::withSite).anyMatch(group::equals))
            / group.shares()
        >= limits.perMinuteEach();
  }

  void end(PeerId peer) {
    underWay.remove(peer);
  }

  /** Counts a dial to where no request came from; false if that is one too many. */
  boolean dialElsewhere(long nowNanos) {
    while (!elsewhere.isEmpty() && nowNanos - elsewhere.getFirst() >= MINUTE_NANOS) {
      elsewhere.removeFirst();
    }
    if (elsewhere.size() >= limits.perMinuteElsewhere()) {
      return false;
    }
    elsewhere.addLast(nowNanos);
    return true;
  }
}
