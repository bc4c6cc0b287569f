package dev.warren.libp2p.nat.reachability;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.autonat.DialBackAnswer;
import dev.warren.libp2p.nat.autonat.Refusal;
import dev.warren.libp2p.nat.reachability.AddressTrial.Outcome;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which address is to be tried next, and by whom. Neither threads nor clocks: the one who owns it
 * locks it and says what time it is.
 *
 * <p>A server dials back from the IP address that we talk with, and NATs of one kind let it in for
 * that alone. So an address of QUIC is tried by a server that we talk with over TCP, where there is
 * one, and the other way round.
 */
final class ProbePlan {
  static final int MAX_TARGETS = 16;
  static final int MAX_UNDER_WAY = 4;

  /** Servers let a peer ask twelve times a minute; nobody has as many addresses. */
  static final Duration SERVER_PAUSE = Duration.ofSeconds(1);

  /** Servers of the first version let a peer ask three times a minute. */
  private static final Duration FIRST_VERSION_PAUSE = Duration.ofSeconds(20);

  private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofMinutes(2);
  private static final int MAX_PAUSES = 256;

  /**
   * Somebody who can be asked.
   *
   * @param second whether by the second version
   * @param talksBy the transports by which we are connected with its IP address
   * @param sees the IP address at which it sees us, if it has said so
   */
  record Server(
      PeerId peer,
      Observer who,
      boolean second,
      Set<TransportKind> talksBy,
      Optional<InetAddress> sees) {}

  /**
   * An address that may lead here.
   *
   * @param known whether the host knows it itself: that of an interface, or one that a router maps
   * @param worthData whether it is worth the data that a server may demand
   */
  record Target(Multiaddr address, TransportKind kind, boolean known, boolean worthData) {}

  /**
   * A question to a server.
   *
   * @param targets one, or by the first version all that it can dial
   */
  record Probe(Server server, List<Target> targets) {}

  private final Map<Multiaddr, AddressTrial> trials = new LinkedHashMap<>();
  private final Map<Multiaddr, Target> targets = new LinkedHashMap<>();
  private final Map<PeerId, Long> notBefore = new LinkedHashMap<>();
  private final Set<PeerId> busy = new HashSet<>();
  private final Map<Multiaddr, Integer> underWay = new HashMap<>();
  private List<Server> servers = List.of();

  /** Says what is to be tried, and by whom it can be. */
  void update(List<Target> wanted, List<Server> present, long nowNanos) {
    Set<Multiaddr> before = Set.copyOf(targets.keySet());
    targets.clear();
    wanted.stream().limit(MAX_TARGETS).forEach(each -> targets.put(each.address(), each));
    trials.keySet().retainAll(targets.keySet());
    for (Target target : targets.values()) {
      AddressTrial trial = trials.get(target.address());
      if (trial == null || trial.isKnown() != target.known()) { // what is heard means another thing
        trials.put(target.address(), new AddressTrial(target.known(), nowNanos));
      }
    }
    if (!before.containsAll(targets.keySet())) {
      trials.values().forEach(each -> each.again(nowNanos));
    }
    boolean second = present.stream().anyMatch(Server::second);
    servers = present.stream().filter(each -> each.second() == second).toList();
  }

  /** The next question, which is under way from now on until it is {@link #finished}. */
  Optional<Probe> next(long nowNanos) {
    if (busy.size() >= MAX_UNDER_WAY) {
      return Optional.empty();
    }
    List<Target> waiting =
        targets.values().stream()
            .filter(this::mayBeAsked)
            .sorted(Comparator.comparingInt(this::asked))
            .toList();
    for (Target target : waiting) {
      Optional<Server> server = serverFor(target, nowNanos);
      if (server.isPresent()) {
        List<Target> asked = askedOf(server.get(), target);
        busy.add(server.get().peer());
        asked.forEach(each -> underWay.merge(each.address(), 1, Integer::sum));
        return Optional.of(new Probe(server.get(), asked));
      }
    }
    return Optional.empty();
  }

  /** As many at once as a verdict takes, since that nobody comes in takes a time-out to be said. */
  private boolean mayBeAsked(Target target) {
    return !underWay.containsKey(target.address()) || asked(target) < AddressTrial.CONFIDENCE;
  }

  private int asked(Target target) {
    return trials.get(target.address()).outcomes() + underWay.getOrDefault(target.address(), 0);
  }

  private Optional<Server> serverFor(Target target, long nowNanos) {
    AddressTrial trial = trials.get(target.address());
    return servers.stream()
        .filter(each -> !busy.contains(each.peer()) && isReady(each, nowNanos))
        .filter(each -> each.second() || canDialAtSeen(each, target))
        .filter(
            each ->
                trial.isOpenTo(each.who())
                    || (trial.isDue(nowNanos) && !trial.isRefusedBy(each.who())))
        .min(
            Comparator.<Server, Boolean>comparing(each -> !trial.isOpenTo(each.who()))
                .thenComparing(each -> each.talksBy().contains(target.kind()))
                .thenComparing(each -> trial.recency(each.who())));
  }

  private boolean isReady(Server server, long nowNanos) {
    return nowNanos - notBefore.getOrDefault(server.peer(), nowNanos) >= 0;
  }

  private static boolean canDialAtSeen(Server server, Target target) {
    return server.sees().isPresent() && target.address().ip().equals(server.sees());
  }

  private List<Target> askedOf(Server server, Target target) {
    return server.second()
        ? List.of(target)
        : targets.values().stream()
            .filter(each -> canDialAtSeen(server, each) && mayBeAsked(each))
            .toList();
  }

  /**
   * A question has been answered.
   *
   * @param answer none if something went wrong
   */
  void finished(Probe probe, Optional<DialBackAnswer> answer, long nowNanos) {
    Server server = probe.server();
    busy.remove(server.peer());
    probe
        .targets()
        .forEach(
            each ->
                underWay.computeIfPresent(
                    each.address(), (_, count) -> count == 1 ? null : count - 1));
    Duration pause = server.second() ? SERVER_PAUSE : FIRST_VERSION_PAUSE;
    switch (answer.orElse(new DialBackAnswer.Refused(Refusal.FAULT))) {
      case DialBackAnswer.Reached(Multiaddr address, _) ->
          answered(server, address, true, nowNanos);
      case DialBackAnswer.Unreached(List<Multiaddr> addresses) ->
          addresses.forEach(each -> answered(server, each, false, nowNanos));
      case DialBackAnswer.Refused(Refusal why) -> {
        switch (why) {
          case NO_ADDRESS, TOO_DEAR ->
              probe.targets().forEach(each -> refused(server, each.address()));
          case REJECTED, BAD_REQUEST, FAULT -> pause = PAUSE_AFTER_REFUSAL;
        }
      }
    }
    notBefore.put(server.peer(), nowNanos + pause.toNanos());
    if (notBefore.size() > MAX_PAUSES) {
      notBefore.values().removeIf(until -> nowNanos - until >= 0);
    }
  }

  private void answered(Server server, Multiaddr address, boolean reached, long nowNanos) {
    Target target = targets.get(address);
    if (target != null) { // it may have gone meanwhile, or be one that nobody asked for
      boolean stranger = !server.talksBy().contains(target.kind());
      trials
          .get(address)
          .answered(
              server.who(), new Outcome(reached, server.second(), stranger), observers(), nowNanos);
    }
  }

  private void refused(Server server, Multiaddr address) {
    AddressTrial trial = trials.get(address);
    if (trial != null) {
      trial.refusedBy(server.who(), observers());
    }
  }

  private List<Observer> observers() {
    return servers.stream().map(Server::who).toList();
  }

  Verdict verdict(Multiaddr address) {
    AddressTrial trial = trials.get(address);
    return trial == null ? Verdict.UNKNOWN : trial.verdict();
  }

  /** Of all addresses of the transport: one that can be reached is enough. */
  Verdict verdict(TransportKind kind) {
    List<AddressTrial> all = ofKind(kind).toList();
    if (has(all, Verdict.PUBLIC)) {
      return Verdict.PUBLIC;
    }
    // What nobody can try, such as IPv6 where no server has it, need not be waited for.
    return has(all, Verdict.PRIVATE) && all.stream().noneMatch(this::isUndecided)
        ? Verdict.PRIVATE
        : Verdict.UNKNOWN;
  }

  private static boolean has(List<AddressTrial> trials, Verdict verdict) {
    return trials.stream().anyMatch(each -> each.verdict() == verdict);
  }

  private boolean isUndecided(AddressTrial trial) {
    return trial.verdict() == Verdict.UNKNOWN && observers().stream().anyMatch(trial::isOpenTo);
  }

  private Stream<AddressTrial> ofKind(TransportKind kind) {
    return targets.values().stream()
        .filter(each -> each.kind() == kind)
        .map(each -> trials.get(each.address()));
  }

  /** From whom what comes to addresses of the transport is let in, as far as that was tried. */
  NatFiltering filtering(TransportKind kind) {
    List<AddressTrial> all = ofKind(kind).toList();
    if (all.stream().anyMatch(each -> each.has(true, true))) {
      return NatFiltering.ENDPOINT_INDEPENDENT;
    }
    if (all.stream().anyMatch(each -> each.has(true, false))) {
      return all.stream().anyMatch(each -> each.has(false, true))
          ? NatFiltering.ADDRESS_DEPENDENT
          : NatFiltering.UNKNOWN;
    }
    return all.stream().anyMatch(each -> each.has(false, false))
        ? NatFiltering.ADDRESS_AND_PORT_DEPENDENT
        : NatFiltering.UNKNOWN;
  }

  /** The addresses that are tried, in order. */
  List<Target> targets() {
    return List.copyOf(targets.values());
  }
}
