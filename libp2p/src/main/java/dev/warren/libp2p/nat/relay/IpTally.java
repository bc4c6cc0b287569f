package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.host.IpGroup;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How much of something peers of each address have. Whoever has a /48 of IPv6 has 65,536 groups, so
 * that all of one together are bounded too.
 */
final class IpTally {
  /** As many groups of a site as may use all of their share. */
  static final int SHARES_OF_A_SITE = 8;

  private final Map<IpGroup, Integer> counts = new HashMap<>();

  boolean isFull(Optional<IpGroup> ip, int maxOfEach) {
    return ip.isPresent()
        && (count(ip.get()) >= maxOfEach
            || ip.get().site().map(this::count).orElse(0) / SHARES_OF_A_SITE >= maxOfEach);
  }

  private int count(IpGroup group) {
    return counts.getOrDefault(group, 0);
  }

  void add(Optional<IpGroup> ip) {
    ip.ifPresent(group -> counts.merge(group, 1, Integer::sum));
    ip.flatMap(IpGroup::site).ifPresent(site -> counts.merge(site, 1, Integer::sum));
  }

  void remove(Optional<IpGroup> ip) {
    ip.ifPresent(this::subtract);
    ip.flatMap(IpGroup::site).ifPresent(this::subtract);
  }

  private void subtract(IpGroup group) {
    counts.computeIfPresent(group, (_, count) -> count == 1 ? null : count - 1);
  }

  boolean isEmpty() {
    return counts.isEmpty();
  }
}
