package dev.warren.libp2p.nat.reachability;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.reachability.ObservedAddresses.Local;
import dev.warren.libp2p.nat.reachability.ObservedAddresses.Observed;
import dev.warren.libp2p.nat.reachability.ProbePlan.Target;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a host knows of its addresses by itself, at one moment.
 *
 * @param counts which IP addresses are of the internet
 * @param listening the addresses that are listened on, as they were bound
 * @param known addresses of the internet that lead here, if nothing is in the way: those of
 *     interfaces, and those that routers map
 * @param own the IP addresses of the interfaces, and of routers
 */
record Survey(
    Predicate<InetAddress> counts,
    List<Multiaddr> listening,
    List<Multiaddr> known,
    Set<InetAddress> own) {

  /**
   * Looks.
   *
   * @param advertised what we have added to the addresses of the host
   */
  static Survey of(Host host, List<Multiaddr> advertised, Predicate<InetAddress> counts) {
    List<Multiaddr> plain =
        host.addresses().stream()
            .filter(each -> TransportKind.of(each).isPresent() && !advertised.contains(each))
            .toList();
    return new Survey(
        counts,
        host.listenAddresses(),
        plain.stream().filter(each -> each.ip().filter(counts).isPresent()).toList(),
        plain.stream().flatMap(each -> each.ip().stream()).collect(Collectors.toSet()));
  }

  boolean listensBy(TransportKind kind) {
    return listening.stream().anyMatch(each -> TransportKind.of(each).equals(Optional.of(kind)));
  }

  /** Takes down as what the peer sees our end of the connection, if that says anything. */
  void note(Connection connection, ObservedAddresses observed, long nowNanos) {
    Multiaddr local = connection.localAddress();
    Optional<InetAddress> peer = connection.remoteAddress().ip().filter(counts);
    Optional<Multiaddr> seen =
        connection
            .observedAddress()
            .filter(each -> TransportKind.of(each).equals(TransportKind.of(local)))
            .filter(each -> each.ip().filter(counts).isPresent());
    Optional<Local> end = localEnd(local);
    if (peer.isEmpty() || seen.isEmpty() || end.isEmpty()) {
      return;
    }
    InetAddress ip = seen.get().ip().orElseThrow();
    if (ip instanceof Inet6Address == peer.get() instanceof Inet6Address) {
      observed.observe(
          Observer.of(connection.remotePeer(), connection.remoteAddress()),
          end.get(),
          new InetSocketAddress(ip, seen.get().port().orElseThrow()),
          connection.outbound(),
          nowNanos);
    }
  }

  private Optional<Local> localEnd(Multiaddr local) {
    return TransportKind.of(local)
        .flatMap(
            kind ->
                local
                    .ip()
                    .map(
                        ip -> {
                          var end = new Local(kind, ip, local.port().orElseThrow());
                          return isListening(end) ? end : new Local(kind, ip, 0);
                        }));
  }

  /** Whether the end is still one of ours. */
  boolean isThere(Local local) {
    return own.contains(local.ip()) && (!local.isListening() || isListening(local));
  }

  private boolean isListening(Local local) {
    return listening.stream()
        .filter(each -> TransportKind.of(each).equals(Optional.of(local.kind())))
        .filter(each -> each.port().orElse(0) == local.port())
        .flatMap(each -> each.ip().stream())
        .anyMatch(ip -> ip.isAnyLocalAddress() || ip.equals(local.ip()));
  }

  /**
   * What is to be tried: what is known, what is seen, and, where the port that leads here has not
   * been seen, the one that is listened on, which is what most people forward by hand.
   */
  List<Target> targets(ObservedAddresses observed) {
    Map<Multiaddr, Target> targets = new LinkedHashMap<>();
    known.forEach(each -> add(targets, each, true, true));
    for (Observed seen : observed.addresses()) {
      boolean sure = seen.observers() >= ObservedAddresses.THRESHOLD;
      if (sure || !isOneOfMany(seen, observed)) {
        add(targets, seen.address(), false, sure);
      }
    }
    guesses(observed, List.copyOf(targets.values()))
        .forEach(each -> add(targets, each, false, false));
    return List.copyOf(targets.values());
  }

  /** Each peer sees another port, to which nobody else is let in. */
  private boolean isOneOfMany(Observed seen, ObservedAddresses observed) {
    TransportKind kind = TransportKind.of(seen.address()).orElseThrow();
    return seen.observers() < 2 && observed.mapping(kind, own) == NatMapping.ADDRESS_DEPENDENT;
  }

  private static void add(
      Map<Multiaddr, Target> targets, Multiaddr address, boolean itself, boolean worthData) {
    TransportKind kind = TransportKind.of(address).orElseThrow();
    targets.putIfAbsent(address, new Target(address, kind, itself, worthData));
  }

  private List<Multiaddr> guesses(ObservedAddresses observed, List<Target> targets) {
    List<Multiaddr> guesses = new ArrayList<>();
    for (Multiaddr address : listening) {
      Optional<InetAddress> bound = address.ip();
      Optional<TransportKind> kind = TransportKind.of(address);
      if (bound.isPresent() && kind.isPresent()) {
        observed
            .ip(bound.get() instanceof Inet4Address ? Inet4Address.class : Inet6Address.class)
            .filter(ip -> targets.stream().noneMatch(each -> is(each, kind.get(), ip)))
            .ifPresent(ip -> guesses.add(kind.get().at(ip, address.port().orElseThrow())));
      }
    }
    return guesses;
  }

  private static boolean is(Target target, TransportKind kind, InetAddress ip) {
    return target.kind() == kind && target.address().ip().filter(ip::equals).isPresent();
  }
}
