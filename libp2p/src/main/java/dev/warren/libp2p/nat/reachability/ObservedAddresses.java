package dev.warren.libp2p.nat.reachability;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * As what others see us. Anybody can say anything, so an observer has one say about each local end,
 * the last one, and an address counts by the number of its observers. Neither threads nor clocks:
 * the one who owns it locks it and says what time it is.
 *
 * <p>A port that others see stands for the one that is listened on only where the connection came
 * from that one, which is so for QUIC, and for TCP where dials reuse the port. From others the IP
 * address is learnt alone.
 */
final class ObservedAddresses {
  /** So many have to say the same before others are told. */
  static final int THRESHOLD = 4;

  static final int MAX_PER_LOCAL = 3;
  static final int MAX_LOCALS = 16;
  static final int MAX_OBSERVERS = 128;
  static final Duration LIFE = Duration.ofMinutes(10);

  /** An address of an IP address that fewer than one in so many observers have seen is ignored. */
  private static final int MIN_SHARE = 4;

  /** One observer who lies makes no NAT. */
  private static final int MIN_TO_TELL_DEPENDENT = 3;

  /**
   * Our end of a connection.
   *
   * @param port 0 for all ports that are not listened on
   */
  record Local(TransportKind kind, InetAddress ip, int port) {
    boolean isListening() {
      return port > 0;
    }
  }

  /** An address, and how many have seen it. */
  record Observed(Multiaddr address, int observers) {}

  private record Sighting(InetSocketAddress external, boolean outbound, long atNanos) {}

  /** In the order of the last word on each, and in each of them of its observers. */
  private final SequencedMap<Local, SequencedMap<Observer, Sighting>> sightings =
      new LinkedHashMap<>();

  /**
   * Somebody says as what it sees our end.
   *
   * @param outbound whether it was us who dialed
   */
  void observe(
      Observer observer, Local local, InetSocketAddress external, boolean outbound, long nowNanos) {
    SequencedMap<Observer, Sighting> ofLocal = sightings.remove(local);
    if (ofLocal == null) {
      ofLocal = new LinkedHashMap<>();
    }
    ofLocal.remove(observer);
    ofLocal.putLast(observer, new Sighting(external, outbound, nowNanos));
    if (ofLocal.size() > MAX_OBSERVERS) {
      ofLocal.pollFirstEntry();
    }
    sightings.putLast(local, ofLocal);
    if (sightings.size() > MAX_LOCALS) {
      sightings.pollFirstEntry();
    }
  }

  /** Forgets what was said long ago, and of ends that are not there any more. */
  void expire(Predicate<Local> isThere, long nowNanos) {
    sightings.keySet().removeIf(local -> !isThere.test(local));
    sightings
        .values()
        .forEach(
            ofLocal ->
                ofLocal.values().removeIf(each -> nowNanos - each.atNanos() >= LIFE.toNanos()));
    sightings.values().removeIf(Map::isEmpty);
  }

  /** What leads, if anything does, to what is listened on: of each local end the most seen. */
  List<Observed> addresses() {
    return sightings.entrySet().stream()
        .filter(entry -> entry.getKey().isListening())
        .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
        .flatMap(entry -> ofLocal(entry.getKey().kind(), entry.getValue().values()))
        .collect(
            Collectors.toMap(Observed::address, Observed::observers, Math::max, LinkedHashMap::new))
        .entrySet()
        .stream()
        .map(entry -> new Observed(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static Stream<Observed> ofLocal(TransportKind kind, Collection<Sighting> said) {
    Map<InetAddress, Integer> ips = count(said, each -> each.external().getAddress());
    return count(said, Sighting::external).entrySet().stream()
        .filter(each -> ips.get(each.getKey().getAddress()) * MIN_SHARE >= said.size())
        .sorted(
            Map.Entry.<InetSocketAddress, Integer>comparingByValue()
                .reversed()
                .thenComparing(each -> each.getKey().toString())) // or they would take turns
        .limit(MAX_PER_LOCAL)
        .map(each -> new Observed(kind.at(each.getKey()), each.getValue()));
  }

  /** As which IP address most see us, of the family of this class. */
  Optional<InetAddress> ip(Class<? extends InetAddress> family) {
    List<Sighting> said =
        sightings.values().stream()
            .flatMap(ofLocal -> ofLocal.values().stream())
            .filter(each -> family.isInstance(each.external().getAddress()))
            .toList();
    return count(said, each -> each.external().getAddress()).entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey);
  }

  /**
   * What is done to our ports on the way out.
   *
   * @param own the addresses of our interfaces
   */
  NatMapping mapping(TransportKind kind, Set<InetAddress> own) {
    var mappings = new ArrayList<NatMapping>();
    sightings.forEach(
        (local, ofLocal) -> {
          if (local.kind() == kind) {
            mappings.add(mapping(local, ofLocal.values(), own));
          }
        });
    // What is worst decides: who punches holes has to count on it.
    return Stream.of(NatMapping.ADDRESS_DEPENDENT, NatMapping.ENDPOINT_INDEPENDENT, NatMapping.NONE)
        .filter(mappings::contains)
        .findFirst()
        .orElse(NatMapping.UNKNOWN);
  }

  private static NatMapping mapping(Local local, Collection<Sighting> said, Set<InetAddress> own) {
    List<Sighting> outbound = said.stream().filter(Sighting::outbound).toList();
    int all = outbound.size();
    long asItself =
        outbound.stream().filter(each -> own.contains(each.external().getAddress())).count();
    if (asItself * 2 > all) {
      return NatMapping.NONE;
    }
    if (!local.isListening()) {
      return NatMapping.UNKNOWN; // each from a port of its own
    }
    int most =
        count(outbound, Sighting::external).values().stream().max(Integer::compare).orElse(0);
    if (most >= 2 && most * 2 > all) {
      return NatMapping.ENDPOINT_INDEPENDENT;
    }
    return all >= MIN_TO_TELL_DEPENDENT && most * 2 < all
        ? NatMapping.ADDRESS_DEPENDENT
        : NatMapping.UNKNOWN;
  }

  private static <K> Map<K, Integer> count(Collection<Sighting> said, Function<Sighting, K> what) {
    Map<K, Integer> counts = new LinkedHashMap<>();
    said.forEach(each -> counts.merge(what.apply(each), 1, Integer::sum));
    return counts;
  }

  /** How much is remembered. */
  int size() {
    return sightings.values().stream().mapToInt(Map::size).sum();
  }
}
