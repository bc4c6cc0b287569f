package dev.warren.libp2p.nat.reachability;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.reachability.ObservedAddresses.Observed;
import dev.warren.libp2p.nat.reachability.Reachability.OfAddress;
import dev.warren.libp2p.nat.reachability.Reachability.OfTransport;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What follows from all that is known.
 *
 * @param advertised addresses that others are told beside those that the host knows itself
 * @param candidates what may lead here when both ends dial at once
 */
record Findings(Reachability reachability, List<Multiaddr> advertised, List<Multiaddr> candidates) {
  static final Findings NONE = new Findings(Reachability.UNKNOWN, List.of(), List.of());

  static Findings of(ObservedAddresses observed, ProbePlan plan, Survey survey) {
    Map<TransportKind, OfTransport> transports = new EnumMap<>(TransportKind.class);
    for (TransportKind kind : TransportKind.values()) {
      if (survey.listensBy(kind)) {
        transports.put(kind, of(kind, observed, plan, survey));
      }
    }
    var reachability =
        new Reachability(
            transports,
            plan.targets().stream()
                .map(each -> new OfAddress(each.address(), plan.verdict(each.address())))
                .toList(),
            observed.ip(Inet4Address.class),
            observed.ip(Inet6Address.class));
    List<Observed> seen = observed.addresses();
    return new Findings(reachability, advertised(reachability, survey), candidates(seen, survey));
  }

  private static OfTransport of(
      TransportKind kind, ObservedAddresses observed, ProbePlan plan, Survey survey) {
    NatMapping mapping = observed.mapping(kind, survey.own());
    NatFiltering filtering =
        switch (mapping) {
          case NONE, ENDPOINT_INDEPENDENT -> plan.filtering(kind);
          // Whether the address is right is not known, so that nobody comes in says nothing.
          case UNKNOWN, ADDRESS_DEPENDENT -> NatFiltering.UNKNOWN;
        };
    return new OfTransport(plan.verdict(kind), mapping, filtering);
  }

  /**
   * What leads here for sure. To dial anything else would come before a hole punch to the same
   * address, and spoil it: routers remember the attempt, and take the packets of the next one for a
   * part of it.
   */
  private static List<Multiaddr> advertised(Reachability reachability, Survey survey) {
    return reachability.confirmed().stream()
        .filter(each -> !survey.known().contains(each))
        .toList();
  }

  private static List<Multiaddr> candidates(List<Observed> seen, Survey survey) {
    List<Multiaddr> all = new ArrayList<>();
    seen.stream()
        .sorted(Comparator.comparingInt(Observed::observers).reversed())
        .forEach(each -> all.add(each.address()));
    all.addAll(survey.known());
    return all.stream().distinct().toList();
  }
}
