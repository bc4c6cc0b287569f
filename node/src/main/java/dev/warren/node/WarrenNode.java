package dev.warren.node;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Transport;
import dev.warren.libp2p.transport.tcp.TcpTransport;
import dev.warren.node.share.LocalShares;
import dev.warren.node.store.DataDirectory;
import dev.warren.node.store.NodeDatabase;
import dev.warren.protocols.admission.WordAdmission;
import dev.warren.protocols.transfer.content.RateLimiter;
import dev.warren.protocols.transfer.serve.TransferServer;
import dev.warren.protocols.transfer.session.SessionClient;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node, put together: one host, one server, and what the two have in common. */
final class WarrenNode implements Node {
  private static final Logger log = LoggerFactory.getLogger(WarrenNode.class);

  private final NodeConfig config;
  private final DataDirectory directory;
  private final NodeDatabase database;
  private final NodeIdentity identity;
  private final Host host;
  private final TransferServer server;
  private final LocalShares localShares;
  private final SessionClient sessions;
  private final BlockWatch blocks;
  private final List<Rendezvous> places;
  private final Traversal traversal;
  private final ServedShares served = new ServedShares();
  private final WordCodes words = new WordCodes();
  private final Optional<RateLimiter> up;
  private final Optional<RateLimiter> down;

  /** What goes on, and is closed with the node. */
  private final Set<Runnable> ongoing = ConcurrentHashMap.newKeySet();

  private final AtomicBoolean closed = new AtomicBoolean();

  private WarrenNode(
      NodeConfig config,
      DataDirectory directory,
      NodeDatabase database,
      NodeIdentity identity,
      Host host,
      List<Rendezvous> places) {
    this.config = config;
    this.directory = directory;
    this.database = database;
    this.identity = identity;
    this.host = host;
    this.places = List.copyOf(places);
    traversal =
        Traversal.open(
            host, Traversal.relays(config.networks()), () -> places.forEach(Rendezvous::wander));
    if (config.portMapping() && config.networks().stream().anyMatch(Network::isOfInternet)) {
      traversal.mapPorts();
    }
    traversal.reachability().addListener(now -> places.forEach(place -> place.reachable(now)));
    localShares =
        new LocalShares(
            directory, database, identity.key(), InstantSource.system(), new SecureRandom());
    sessions = new SessionClient(host.peerId(), host.time());
    up = limiter(config.limitUp());
    down = limiter(config.limitDown());
    server = TransferServer.start(host, served);
    blocks = new BlockWatch(database.peers(), host.time(), server::end);
    WordAdmission.serve(host, words::find);
  }

  /** Starts a node that finds others in these places. */
  static WarrenNode start(NodeConfig config, Function<Host, List<Rendezvous>> places)
      throws IOException {
    // Ports are reused since hole punching needs it.
    return start(config, new TcpTransport(true), places);
  }

  /** Starts a node that reaches others in a way of its own. */
  static WarrenNode start(NodeConfig config, Transport tcp, Function<Host, List<Rendezvous>> places)
      throws IOException {
    DataDirectory directory = new DataDirectory(config.dataDirectory()).create();
    var closing = new Closing();
    try {
      NodeDatabase database =
          NodeDatabase.open(directory, InstantSource.system(), config.cacheBytes());
      closing.add(database::close);
      NodeIdentity identity = NodeIdentity.take(directory);
      closing.add(identity);
      Host host =
          Host.builder()
              .identity(identity.key())
              .agent(config.agent())
              .transport(tcp)
              .quic()
              .start();
      closing.add(host);
      var listening = new Listening(host, directory);
      if (config.listen().isEmpty()) {
        listening.everywhere(identity.isLasting());
      } else {
        listening.at(config.listen());
      }
      var node = new WarrenNode(config, directory, database, identity, host, places.apply(host));
      closing.forget();
      return node;
    } finally {
      closing.close();
    }
  }

  @Override
  public PeerId peerId() {
    return host.peerId();
  }

  @Override
  public List<Multiaddr> addresses() {
    return host.addresses();
  }

  @Override
  public Sharing share(ShareOptions options) throws IOException {
    return LocalSharing.begin(this, options);
  }

  @Override
  public Receiving receive(ReceiveOptions options) throws IOException {
    return SwarmReceiving.begin(this, options);
  }

  @Override
  public Connectivity connectivity() {
    return traversal.connectivity(places.stream().map(Rendezvous::standing).toList());
  }

  @Override
  public NodeRecords records() {
    return new StoredRecords(directory, database, config.cacheBytes(), server::end, () -> {});
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    ongoing.forEach(Runnable::run);
    var closing = new Closing();
    closing.add(identity);
    closing.add(database::close);
    closing.add(localShares::close);
    closing.add(host);
    closing.add(server);
    closing.add(blocks);
    closing.add(traversal);
    places.forEach(place -> closing.add(place::close));
    closing.close();
  }

  // What follows is for what goes on.

  NodeConfig config() {
    return config;
  }

  DataDirectory directory() {
    return directory;
  }

  NodeDatabase database() {
    return database;
  }

  /** Whether it is the node of the directory, and not one for the occasion. */
  boolean isLasting() {
    return identity.isLasting();
  }

  Host host() {
    return host;
  }

  TransferServer server() {
    return server;
  }

  LocalShares localShares() {
    return localShares;
  }

  SessionClient sessions() {
    return sessions;
  }

  List<Rendezvous> places() {
    return places;
  }

  Traversal traversal() {
    return traversal;
  }

  ServedShares served() {
    return served;
  }

  WordCodes words() {
    return words;
  }

  /** What holds back all that is sent. */
  Optional<RateLimiter> up() {
    return up;
  }

  /** What holds back all that is received. */
  Optional<RateLimiter> down() {
    return down;
  }

  Optional<RateLimiter> limiter(OptionalLong bytesPerSecond) {
    return bytesPerSecond.isPresent()
        ? Optional.of(new RateLimiter(host.time(), bytesPerSecond.getAsLong()))
        : Optional.empty();
  }

  /** Has something closed with the node. */
  void began(Runnable close) {
    ongoing.add(close);
  }

  /** It has ended by itself. */
  void ended(Runnable close) {
    ongoing.remove(close);
  }

  /** What the user calls a peer. */
  Optional<String> petname(PeerId peer) {
    try {
      return database.peers().find(peer).flatMap(known -> known.name());
    } catch (IOException e) {
      log.warn("what {} is called cannot be looked up", peer, e);
      return Optional.empty();
    }
  }

  /** Whether there is nothing to be had for a peer, nor from it. */
  boolean isBlocked(PeerId peer) {
    try {
      return database.peers().blocked(peer).isPresent();
    } catch (IOException e) {
      log.warn("whether {} is blocked cannot be looked up", peer, e);
      return true;
    }
  }

  /** How a peer is connected, for people. */
  String path(PeerId peer) {
    return host.connections(peer).stream()
        .findFirst()
        .map(connection -> ConnectionPath.describe(connection.remoteAddress()))
        .orElse("");
  }
}
