package dev.warren.relay;

import dev.warren.libp2p.dht.Mode;
import dev.warren.libp2p.dht.Reach;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.Limits;
import dev.warren.libp2p.identity.OwnerOnly;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.autonat.AutoNatLimits;
import dev.warren.libp2p.nat.autonat.AutoNatServer;
import dev.warren.libp2p.nat.relay.RelayServer;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.node.Network;
import dev.warren.node.NetworkMember;
import dev.warren.node.NodeIdentity;
import dev.warren.node.store.DataDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A relay, a node of the networks that it helps, one that dials back those who want to know whether
 * they can be dialed, and what tells how it is. Its port and its key are the same at each start, so
 * that its addresses stay good.
 */
public final class RelayNode implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(RelayNode.class);

  private static final int PORT = 4001;
  private static final int DIAL_BACKS_PER_MINUTE = 600;
  private static final Duration KEEP_SPENDING_EVERY = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final NodeIdentity identity;
  private final Host host;
  private final ServingRules rules;
  private final SpendingFile spendingFile;
  private final RelayServer relay;
  private final AutoNatServer autoNat;
  private final Deque<Closeable> others = new ArrayDeque<>();
  private final List<NetworkMember> members = new ArrayList<>();
  private final Optional<StatusServer> status;
  private volatile RelayConfig config;
  private volatile boolean draining;
  private volatile boolean closed;

  private RelayNode(
      RelayConfig config, String agent, NodeIdentity identity, TimeSource time, InstantSource clock)
      throws IOException {
    this.config = config;
    this.clock = clock;
    this.identity = identity;
    spendingFile = new SpendingFile(config.dataDirectory().resolve("relay-spent.txt"));
    rules = new ServingRules(config, spendingFile.read(clock.instant()), time, clock);
    host =
        Host.builder()
            .identity(identity.key())
            .agent(agent)
            .quic()
            .time(time)
            .limits(limits(config))
            .maxWindowGrowth(limits(config).maxBufferedBytes() / 8)
            .listener(new Bouncer())
            .start();
    boolean started = false;
    try {
      host.advertise(() -> this.config.addresses().announce());
      relay = RelayServer.start(host, config.service().relay(), rules, clock);
      autoNat = AutoNatServer.attach(host, autoNatLimits(config));
      others.push(autoNat);
      listen(config.addresses().listen());
      var directory = new DataDirectory(config.dataDirectory());
      for (Network network : config.networks()) {
        NetworkMember member = NetworkMember.of(network.withMode(Mode.SERVER), host, directory);
        members.add(member);
        others.push(member);
      }
      status =
          config.addresses().status().isPresent()
              ? Optional.of(status(config.addresses().status().get()))
              : Optional.empty();
      keepSpending();
      started = true;
    } finally {
      if (!started) {
        closeOthers();
        host.close();
      }
    }
  }

  /**
   * Starts one.
   *
   * @param agent the name and version of the program, shown to peers
   * @throws IOException if an address cannot be listened on, or another process is this node
   */
  public static RelayNode start(
      RelayConfig config, String agent, TimeSource time, InstantSource clock) throws IOException {
    OwnerOnly.createDirectories(config.dataDirectory());
    var directory = new DataDirectory(config.dataDirectory());
    NodeIdentity identity = NodeIdentity.take(directory);
    boolean started = false;
    try {
      if (!identity.isLasting()) {
        throw new IOException(
            "another process is the node of " + directory.path() + "; name another directory");
      }
      var node = new RelayNode(config, agent, identity, time, clock);
      started = true;
      return node;
    } finally {
      if (!started) {
        identity.close();
      }
    }
  }

  /**
   * From nine tenths of what is held on, connections give way that are of no use to others. There
   * is room for what the first windows of all circuits let in, as far as half of the memory goes:
   * where there is none, streams of those who are not at fault are reset too.
   */
  static Limits limits(RelayConfig config) {
    Limits defaults = Limits.defaults();
    int most = config.service().maxConnections();
    long circuitBytes = 2L * Limits.FIRST_WINDOW_BYTES * config.service().relay().maxCircuits();
    return new Limits(
        most,
        config.service().maxConnectionsPerIp(),
        Math.max(defaults.maxPendingHandshakes(), most / 32),
        defaults.handshakeTimeout(),
        Math.max(64, 2 * config.service().relay().maxCircuitsPerPeer()),
        Math.max(defaults.maxStreams(), 4 * config.service().relay().maxCircuits()),
        Math.max(
            defaults.maxBufferedBytes(),
            Math.min(circuitBytes, Runtime.getRuntime().maxMemory() / 2)),
        most - most / 10,
        most - most / 20,
        Duration.ofMinutes(2));
  }

  /** Ten dials a second; to private addresses only where all that it serves have such. */
  private static AutoNatLimits autoNatLimits(RelayConfig config) {
    AutoNatLimits limits = AutoNatLimits.defaults().withPerMinute(DIAL_BACKS_PER_MINUTE);
    boolean local =
        !config.networks().isEmpty()
            && config.networks().stream()
                .allMatch(network -> network.table().reach() == Reach.LOCAL);
    return local ? limits.withPrivateAddresses() : limits;
  }

  private void listen(List<Multiaddr> addresses) throws IOException {
    for (Multiaddr address : addresses) {
      host.listen(address);
    }
    if (addresses.isEmpty()) {
      listenEverywhere("/tcp/" + PORT);
      try {
        listenEverywhere("/udp/" + PORT + "/quic-v1");
      } catch (IOException e) {
        log.warn("QUIC is not listened on: {}", e.toString());
      }
    }
  }

  /** Takes IPv4 as well where the system has both; there still are machines without IPv6. */
  private void listenEverywhere(String port) throws IOException {
    try {
      host.listen(Multiaddr.parse("/ip6/::" + port));
    } catch (IOException | UnsupportedOperationException e) {
      host.listen(Multiaddr.parse("/ip4/0.0.0.0" + port));
    }
  }

  private StatusServer status(InetSocketAddress address) throws IOException {
    StatusServer server = StatusServer.start(address, this);
    others.push(server);
    return server;
  }

  private void keepSpending() {
    if (!closed) {
      spendingFile.write(clock.instant(), rules.spentToday(), rules.spentThisMonth());
      host.time().after(KEEP_SPENDING_EVERY, this::keepSpending);
    }
  }

  /** Joins the networks in the background, as often as it takes. */
  public void keepJoining(Consumer<Network> joined) {
    for (NetworkMember member : members) {
      member.keepJoining(
          _ -> joined.accept(member.network()),
          failure ->
              log.debug(
                  "network '{}' is not joined yet: {}",
                  member.network().name(),
                  failure.toString()));
    }
  }

  /** The host. */
  public Host host() {
    return host;
  }

  /** Where it can be reached, with its id: what others put into their configuration. */
  public List<Multiaddr> addresses() {
    List<Multiaddr> announced = config.addresses().announce();
    return announced.isEmpty()
        ? host.addressesWithPeer()
        : announced.stream()
            .map(address -> address.withoutPeer().withPeer(host.peerId().toString()))
            .toList();
  }

  /** Where it tells how it is, if anywhere. */
  public Optional<InetSocketAddress> statusAddress() {
    return status.map(StatusServer::address);
  }

  /** What it has done, and does. */
  public RelayServer.Activity activity() {
    return relay.activity();
  }

  /** What is known of the networks. */
  List<NetworkMember> members() {
    return members;
  }

  /** What it has found of whether others can be dialed. */
  AutoNatServer.Activity dialBacks() {
    return autoNat.activity();
  }

  ServingRules rules() {
    return rules;
  }

  /** How long {@link #drain} waits at most. */
  public long drainSeconds() {
    return config.service().drain().toSeconds();
  }

  boolean draining() {
    return draining;
  }

  RelayConfig config() {
    return config;
  }

  /**
   * Goes by another configuration: limits, budget, lists and what is announced; all else takes a
   * restart. Whoever is not to be served any more is disconnected.
   */
  public void reload(RelayConfig other) {
    config = other;
    relay.setLimits(other.service().relay());
    rules.change(other);
    host.observe(HostListener::addressesChanged);
    host.connections().stream()
        .filter(connection -> !rules.admits(connection))
        .forEach(RelayNode::closeAside);
    log.info("the configuration has been read again");
  }

  /**
   * Grants nothing any more and waits for the circuits to end, as long as the configuration says.
   *
   * @return whether they have
   */
  public boolean drain() throws InterruptedException {
    relay.drain();
    draining = true;
    log.info("ending; {} circuits are open", activity().circuits());
    return relay.awaitEnd(config.service().drain());
  }

  @Override
  public void close() throws IOException {
    closed = true;
    relay.close();
    closeOthers();
    host.close();
    spendingFile.write(clock.instant(), rules.spentToday(), rules.spentThisMonth());
    identity.close();
  }

  private void closeOthers() {
    while (!others.isEmpty()) {
      try {
        others.pop().close();
      } catch (IOException | RuntimeException e) {
        log.warn("something could not be closed in good order", e);
      }
    }
  }

  /** A goodbye to a peer that does not listen takes a second. */
  private static void closeAside(Connection connection) {
    Thread.ofVirtual().name("relay-close").start(connection::close);
  }

  /** Lets nobody in who is not to be served. */
  private final class Bouncer implements HostListener {
    @Override
    public void connected(Connection connection) {
      if (!rules.admits(connection)) {
        log.debug("{} is not served", connection);
        closeAside(connection);
      }
    }
  }
}
