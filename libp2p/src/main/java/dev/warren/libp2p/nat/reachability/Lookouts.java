package dev.warren.libp2p.nat.reachability;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has some peers see this host over QUIC, and say as what. A host meets its first peers over TCP,
 * since QUIC takes a while to be loaded; where there are no others, nobody would ever tell which
 * UDP port a NAT maps, and no hole could be punched to it. The tracker owns it, and locks it.
 */
final class Lookouts {
  private static final Logger log = LoggerFactory.getLogger(Lookouts.class);

  /** So many can tell a port that all see from one that is another for each. */
  static final int WANTED = 3;

  /** Each peer is tried so often: where no UDP passes it is in vain. */
  static final Duration PAUSE = Duration.ofMinutes(10);

  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int MAX_REMEMBERED = 64;

  private final Host host;
  private final Predicate<InetAddress> counts;
  private final Runnable changed;

  /** When each was tried, the longest ago first. */
  private final SequencedMap<PeerId, Long> tried = new LinkedHashMap<>();

  private final AtomicInteger underWay = new AtomicInteger();

  /**
   * @param counts which IP addresses are of the internet
   * @param changed is told, on any thread, when an attempt is over
   */
  Lookouts(Host host, Predicate<InetAddress> counts, Runnable changed) {
    this.host = host;
    this.counts = counts;
    this.changed = changed;
  }

  /** Dials as many as are lacking, of the peers that were dialed over TCP. */
  void update(List<Connection> direct, long nowNanos) {
    tried.values().removeIf(at -> nowNanos - at >= PAUSE.toNanos());
    Map<Boolean, List<Connection>> byQuic =
        direct.stream()
            .filter(each -> each.outbound() && each.remoteAddress().ip().filter(counts).isPresent())
            .collect(Collectors.partitioningBy(each -> isQuic(each.remoteAddress())));
    int lacking = WANTED - underWay.get() - byQuic.get(true).size();
    byQuic.get(false).stream()
        .map(Connection::remotePeer)
        .distinct()
        .filter(peer -> !tried.containsKey(peer) && !addresses(peer).isEmpty())
        .limit(Math.max(0, Math.min(lacking, MAX_REMEMBERED - tried.size())))
        .forEach(
            peer -> {
              tried.putLast(peer, nowNanos);
              underWay.incrementAndGet();
              Thread.ofVirtual().name("libp2p-lookout").start(() -> dial(peer));
            });
  }

  private List<Multiaddr> addresses(PeerId peer) {
    return host.peerstore().addresses(peer).stream()
        .filter(each -> isQuic(each) && each.ip().filter(counts).isPresent())
        .toList();
  }

  private static boolean isQuic(Multiaddr address) {
    return TransportKind.of(address).equals(Optional.of(TransportKind.QUIC));
  }

  /** By IPv4 before IPv6: there most of the NATs stand. */
  private void dial(PeerId peer) {
    try {
      Map<Boolean, List<Multiaddr>> byFamily =
          addresses(peer).stream()
              .collect(
                  Collectors.partitioningBy(
                      each -> each.ip().orElseThrow() instanceof Inet4Address));
      if (!dial(peer, byFamily.get(true))) {
        dial(peer, byFamily.get(false));
      }
    } finally {
      underWay.decrementAndGet();
      changed.run();
    }
  }

  private boolean dial(PeerId peer, List<Multiaddr> addresses) {
    try {
      host.dialAside(peer, addresses, LIMIT);
      return true;
    } catch (IOException e) {
      log.debug("{} does not see us over QUIC: {}", peer, e.toString());
      return false;
    }
  }
}
