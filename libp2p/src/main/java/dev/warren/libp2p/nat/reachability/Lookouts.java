package dev.warren.libp2p.nat.reachability;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has some peers see this host over QUIC, and say as what. A host meets its first peers over TCP,
 * since QUIC takes a while to be loaded; where there are no others, nobody would ever tell which
 * UDP port a NAT maps, and no hole could be punched to it. The tracker owns it, and locks it.
 *
 * <p>A second connection to the same peer takes room there, so it closes as soon as it has served,
 * and is made anew before what was seen is forgotten.
 */
final class Lookouts {
  private static final Logger log = LoggerFactory.getLogger(Lookouts.class);

  /** So many can tell a port that all see from one that is another for each. */
  static final int WANTED = 3;

  /** Before what was seen is forgotten, and when a NAT has forgotten whom something was sent to. */
  static final Duration PAUSE = ObservedAddresses.LIFE.minusMinutes(1);

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int MAX_REMEMBERED = 64;

  private final Host host;
  private final Predicate<InetAddress> counts;
  private final Runnable changed;

  /** When each was tried. */
  private final Map<InetAddress, Long> tried = new HashMap<>();

  /** Those of them that could not be reached. */
  private final Set<InetAddress> silent = ConcurrentHashMap.newKeySet();

  /**
   * @param counts which IP addresses are of the internet
   * @param changed is told, on any thread, when an attempt is over
   */
  Lookouts(Host host, Predicate<InetAddress> counts, Runnable changed) {
    this.host = host;
    this.counts = counts;
    this.changed = changed;
  }

  /** Where those are who were tried, and whom a NAT may know by now. */
  Collection<InetAddress> ips() {
    return tried.keySet();
  }

  /** Dials as many as are lacking, of the peers that were dialed over TCP. */
  void update(List<Connection> direct, long nowNanos) {
    tried.values().removeIf(at -> nowNanos - at >= PAUSE.toNanos());
    silent.retainAll(tried.keySet());
    Set<InetAddress> seeing = new HashSet<>(tried.keySet());
    seeing.removeAll(silent);
    List<Connection> dialed =
        direct.stream()
            .filter(each -> each.outbound() && ip(each).filter(counts).isPresent())
            .toList();
    dialed.stream()
        .filter(each -> isQuic(each.remoteAddress()))
        .forEach(each -> seeing.add(ip(each).orElseThrow()));
    for (Connection each : dialed) {
      if (seeing.size() >= WANTED || tried.size() >= MAX_REMEMBERED) {
        return;
      }
      InetAddress ip = ip(each).orElseThrow();
      List<Multiaddr> addresses = addresses(each.remotePeer(), ip);
      if (!addresses.isEmpty() && !tried.containsKey(ip) && seeing.add(ip)) {
        tried.put(ip, nowNanos);
        Thread.ofVirtual()
            .name("libp2p-lookout")
            .start(() -> dial(each.remotePeer(), ip, addresses));
      }
    }
  }

  /**
   * Where it is for sure, and one address of the other family: whoever names others has us send to
   * none but that. IPv4 goes first: there most of the NATs stand.
   */
  List<Multiaddr> addresses(PeerId peer, InetAddress at) {
    return Stream.of(Inet4Address.class, Inet6Address.class)
        .flatMap(
            family ->
                host.peerstore().addresses(peer).stream()
                    .filter(
                        each ->
                            isQuic(each)
                                && each.ip()
                                    .filter(counts)
                                    .filter(family::isInstance)
                                    .filter(ip -> ip.equals(at) || !family.isInstance(at))
                                    .isPresent())
                    .limit(1))
        .toList();
  }

  private static Optional<InetAddress> ip(Connection connection) {
    return connection.remoteAddress().ip();
  }

  private static boolean isQuic(Multiaddr address) {
    return TransportKind.of(address).equals(Optional.of(TransportKind.QUIC));
  }

  private void dial(PeerId peer, InetAddress ip, List<Multiaddr> addresses) {
    if (addresses.stream().noneMatch(address -> dial(peer, address))) {
      silent.add(ip);
    }
    changed.run();
  }

  private boolean dial(PeerId peer, Multiaddr address) {
    try {
      host.dialAside(peer, address, LIMIT);
      return true;
    } catch (IOException e) {
      log.debug("{} does not see us over QUIC: {}", peer, e.toString());
      return false;
    }
  }
}
