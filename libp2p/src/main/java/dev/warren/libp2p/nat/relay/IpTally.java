package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.host.IpGroup;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How much of something peers of each address, and of each site, have. */
final class IpTally {
  private final Map<IpGroup, Integer> counts = new HashMap<>();

  boolean isFull(Optional<IpGroup> ip, int maxOfEach) {
    return ip.stream()
        .flatMap(IpGroup::withSite)
        .anyMatch(each -> counts.getOrDefault(each, 0) / each.shares() >= maxOfEach);
  }

  void add(Optional<IpGroup> ip) {
    ip.stream().flatMap(IpGroup::withSite).forEach(each -> counts.merge(each, 1, Integer::sum));
  }

  void remove(Optional<IpGroup> ip) {
    ip.stream().flatMap(IpGroup::withSite).forEach(this::subtract);
  }

  private void subtract(IpGroup group) {
    counts.computeIfPresent(group, (_, count) -> count == 1 ? null : count - 1);
  }

  boolean isEmpty() {
    return counts.isEmpty();
  }
}
