package dev.warren.node;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.IpRanges;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.nat.dcutr.Dcutr;
import dev.warren.libp2p.nat.portmap.PortMapper;
import dev.warren.libp2p.nat.reachability.ReachabilityTracker;
import dev.warren.libp2p.nat.reachability.TransportKind;
import dev.warren.libp2p.nat.relay.AutoRelay;
import dev.warren.libp2p.nat.relay.RelayClient;
import dev.warren.libp2p.nat.relay.Reservation;
import dev.warren.libp2p.transport.quic.QuicTransport;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** How a node is reached, and reaches others, where routers stand between them. */
final class Traversal implements Closeable {
  /** How long one waits for a direct connection where the relay is good for few words only. */
  private static final Duration PUNCH_PATIENCE = Duration.ofSeconds(12);

  private static final int WEB_PORT = 443;

  private static final Duration PING_PATIENCE = Duration.ofSeconds(1);

  /** How long a share waits for a relay that is to be part of its ticket. */
  private static final Duration RELAY_PATIENCE = Duration.ofSeconds(3);

  private final Host host;
  private final boolean expectsRelay;
  private final ReachabilityTracker reachability;
  private final RelayClient relays;
  private final Closing closing = new Closing();
  private Optional<PortMapper> portMapper = Optional.empty();

  private Traversal(Host host, boolean expectsRelay) {
    this.host = host;
    this.expectsRelay = expectsRelay;
    var dialingBack = new DialingBack(host);
    closing.add(dialingBack);
    reachability = ReachabilityTracker.attach(host);
    reachability.addListener(now -> dialingBack.update(now.verdict()));
    closing.add(reachability);
    relays = RelayClient.attach(host);
  }

  /**
   * Begins.
   *
   * @param relays where relays may be
   * @param walk meets more peers, of which some may be relays
   */
  static Traversal open(Host host, List<Multiaddr> relays, Runnable walk) {
    var traversal = new Traversal(host, !relays.isEmpty());
    traversal.closing.add(Dcutr.attach(host, traversal::candidates, IpRanges::isPublic));
    AutoRelay places =
        AutoRelay.builder(host, traversal.relays)
            .wanted(traversal::isHidden)
            .relays(relays)
            .walk(walk)
            .start();
    traversal.closing.add(places);
    traversal.reachability.addListener(_ -> places.check());
    return traversal;
  }

  /** Has routers forward the ports of this node, which only those of the internet need. */
  void mapPorts() {
    PortMapper mapper = PortMapper.attach(host);
    closing.add(mapper);
    portMapper = Optional.of(mapper);
  }

  /** All that is known of it, and of the places where others are found. */
  Connectivity connectivity(List<Connectivity.Place> places) {
    return new Connectivity(
        host.addresses(),
        QuicTransport.isAvailable(),
        connections(),
        reachability.current(),
        portMapper.map(PortMapper::state),
        relays.places().stream().map(this::standing).toList(),
        places);
  }

  private Connectivity.Connections connections() {
    List<Connection> all = host.connections();
    int relayed = (int) all.stream().filter(Connection::isRelayed).count();
    int quic =
        (int)
            all.stream()
                .filter(it -> !it.isRelayed() && it.remoteAddress().has(Protocol.QUIC_V1))
                .count();
    int withoutQuic = (int) all.stream().filter(this::isWithoutQuic).count();
    return new Connectivity.Connections(all.size() - relayed - quic, quic, relayed, withoutQuic);
  }

  private boolean isWithoutQuic(Connection connection) {
    return connection.outbound()
        && !connection.isRelayed()
        && !connection.remoteAddress().has(Protocol.QUIC_V1)
        && host.peerstore().addresses(connection.remotePeer()).stream()
            .anyMatch(
                it ->
                    !it.isCircuit()
                        && it.has(Protocol.QUIC_V1)
                        && it.ip().filter(IpRanges::isPublic).isPresent());
  }

  /** Where relays of the networks may be: whoever lets others in often is one. */
  static List<Multiaddr> relays(List<Network> networks) {
    return networks.stream()
        .flatMap(it -> Stream.concat(it.relays().stream(), it.bootstrap().stream()))
        .distinct()
        .toList();
  }

  private Connectivity.Relay standing(Reservation place) {
    return new Connectivity.Relay(
        place.relay(), place.addresses().getFirst(), roundTrip(place.relay()), place.expires());
  }

  private Optional<Duration> roundTrip(PeerId relay) {
    Optional<Connection> connection = best(relay);
    if (connection.isEmpty()) {
      return Optional.empty();
    }
    var answer = new CompletableFuture<Duration>();
    Thread.ofVirtual()
        .name("warren-relay-ping")
        .start(
            () -> {
              try {
                answer.complete(connection.get().ping());
              } catch (IOException e) {
                answer.completeExceptionally(e);
              }
            });
    try {
      return Optional.of(answer.get(PING_PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException | TimeoutException _) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private List<Multiaddr> candidates() {
    return Stream.of(TransportKind.values())
        .flatMap(kind -> reachability.candidates(kind).stream())
        .toList();
  }

  /** What is known of how others can reach this node. */
  ReachabilityTracker reachability() {
    return reachability;
  }

  /**
   * Whether somebody may not reach this node but by a relay. Of those who look for it many have
   * IPv4 alone, and some are let out to no other port than that of the web.
   */
  private boolean isHidden() {
    return reachability.current().confirmed().stream()
        .noneMatch(
            address ->
                address.ip().orElse(null) instanceof Inet4Address
                    && address.has(Protocol.TCP)
                    && address.port().orElse(0) == WEB_PORT);
  }

  /** Waits a moment for a relay, if this node is to be reached by one. */
  void awaitRelay() {
    var over = new CountDownLatch(1);
    HostListener watch =
        new HostListener() {
          @Override
          public void addressesChanged() {
            if (!lacksRelay()) {
              over.countDown();
            }
          }
        };
    host.addListener(watch);
    try (var _ = host.time().after(RELAY_PATIENCE, over::countDown)) {
      if (lacksRelay()) {
        over.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      host.removeListener(watch);
    }
  }

  private boolean lacksRelay() {
    return expectsRelay && isHidden() && relays.places().isEmpty();
  }

  /**
   * The connection to use for content: this one, or the direct one that replaces it.
   *
   * @throws IOException if there is but a relay that carries too little
   */
  Connection forContent(Connection connection) throws IOException {
    if (!connection.isLimited()) {
      return connection;
    }
    PeerId peer = connection.remotePeer();
    var over = new CountDownLatch(1);
    HostListener watch = new Arrivals(connection, over);
    host.addListener(watch);
    try (var _ = host.time().after(PUNCH_PATIENCE, over::countDown)) {
      if (best(peer).filter(it -> !it.isLimited()).isEmpty() && connection.isOpen()) {
        over.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("not waiting for a direct connection any longer");
    } finally {
      host.removeListener(watch);
    }
    return best(peer)
        .filter(it -> !it.isLimited())
        .orElseThrow(
            () ->
                new IOException(
                    "the relay on the way carries no files and no direct way has been found;"
                        + " 'warren doctor' on both sides says what is in its way"));
  }

  private Optional<Connection> best(PeerId peer) {
    return host.connections(peer).stream().filter(Connection::isOpen).findFirst();
  }

  @Override
  public void close() {
    closing.close();
  }

  /** Ends a wait when there is another connection to the same peer, or no longer this one. */
  private record Arrivals(Connection connection, CountDownLatch over) implements HostListener {
    @Override
    public void connected(Connection other) {
      if (other.remotePeer().equals(connection.remotePeer()) && !other.isLimited()) {
        over.countDown();
      }
    }

    @Override
    public void disconnected(Connection gone, IOException cause) {
      if (gone == connection) {
        over.countDown();
      }
    }
  }
}
