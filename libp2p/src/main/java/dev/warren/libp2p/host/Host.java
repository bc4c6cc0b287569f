package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.SecureTransport;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.libp2p.transport.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A peer of a libp2p network: listens, dials, and carries streams of protocols.
 *
 * <p>All methods may be called from any thread, and those that talk to the network block; virtual
 * threads are the way to do several things at once. Interrupting a thread that is in one of them is
 * safe only during a dial; to end work on a stream, reset the stream.
 */
public final class Host implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(Host.class);

  private static final Multiaddr ANY_QUIC = Multiaddr.parse("/ip4/0.0.0.0/udp/0/quic-v1");

  private static final Duration SWEEP_INTERVAL = Duration.ofSeconds(30);

  private final PrivateKey identity;
  private final PeerId peerId;
  private final Limits limits;
  private final TimeSource time;
  private final Upgrader upgrader;
  private final List<SecureTransport> transports = new CopyOnWriteArrayList<>();
  private final Dialer dialer;
  private final Inbound inbound;
  private final ResourceLedger ledger;
  private final ConnectionTable table = new ConnectionTable();
  private final Admission admission;
  private final Peerstore peerstore;
  private final ConnectionPruner pruner;
  private final DialSync dialSync = new DialSync();
  private final Map<String, StreamHandler> handlers = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final List<Supplier<List<Multiaddr>>> advertised = new CopyOnWriteArrayList<>();
  private final List<HostListener> observers = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  Host(HostBuilder builder, Upgrader upgrader) {
    identity = builder.identity();
    peerId = identity.peerId();
    limits = builder.limits();
    time = builder.time();
    this.upgrader = upgrader;
    transports.addAll(builder.transports(upgrader));
    dialer = new Dialer(transports, builder.names(), time, limits.handshakeTimeout());
    ledger = new ResourceLedger(limits);
    pruner = new ConnectionPruner(table, limits);
    admission = new Admission(this, table, ledger, pruner);
    inbound =
        new Inbound(ledger, time, limits.handshakeTimeout(), admission::received, admission::met);
    peerstore = new Peerstore(peer -> table.best(peer).isPresent() || pruner.isProtected(peer));
  }

  /** Begins the work that goes on by itself; called once, by the builder. */
  void start() {
    time.after(SWEEP_INTERVAL, this::sweep);
  }

  /** Describes a host, to be started. */
  public static HostBuilder builder() {
    return new HostBuilder();
  }

  /** The id of this host. */
  public PeerId peerId() {
    return peerId;
  }

  /** The key of this host. */
  public PrivateKey identity() {
    return identity;
  }

  /** What this host accepts from others. */
  public Limits limits() {
    return limits;
  }

  /** The time that this host goes by. */
  public TimeSource time() {
    return time;
  }

  /** What is known of other peers. */
  public Peerstore peerstore() {
    return peerstore;
  }

  /**
   * The addresses at which this host can be dialed: one for each interface, and those that are
   * advertised.
   */
  public List<Multiaddr> addresses() {
    Set<Multiaddr> all = new LinkedHashSet<>();
    listeners.forEach(listener -> all.addAll(InterfaceAddresses.expand(listener.address())));
    advertised.forEach(source -> all.addAll(source.get()));
    return List.copyOf(all);
  }

  /**
   * The addresses that are listened on, as they were bound: those of no interface are wildcards.
   */
  public List<Multiaddr> listenAddresses() {
    return listeners.stream().map(Listener::address).toList();
  }

  /** Whether there is a transport for the address. */
  public boolean canDial(Multiaddr address) {
    return transports.stream().anyMatch(transport -> transport.handles(address));
  }

  /**
   * Adds addresses that lead to this host by way of others, such as relays and routers. Whoever
   * changes them tells the listeners by {@link HostListener#addressesChanged}.
   */
  public void advertise(Supplier<List<Multiaddr>> source) {
    advertised.add(source);
  }

  /** Adds a way to reach peers. */
  public void addTransport(Transport transport) {
    transports.add(new UpgradingTransport(transport, upgrader));
  }

  /** Takes a connection that came in by way of a protocol of this host. */
  public void accept(RawConnection connection) {
    inbound.accept(new UpgradingTransport.Incoming(connection, upgrader));
  }

  /** The {@link #addresses} with the id of this host, ready to be given to others. */
  public List<Multiaddr> addressesWithPeer() {
    return addresses().stream().map(address -> address.withPeer(peerId.toString())).toList();
  }

  /**
   * Starts to accept connections over TCP on every interface.
   *
   * @param port 0 for a free one
   * @return the port
   */
  public int listenEverywhere(int port) throws IOException {
    return everywhere().listenOverTcp(port);
  }

  /**
   * Starts to accept connections over QUIC on every interface: at this port, or another if it is
   * taken. Does nothing on a host without QUIC.
   */
  public void listenEverywhereOverQuic(int port) throws IOException {
    if (transports.stream().anyMatch(it -> it.handles(ANY_QUIC) && it.isUsable())) {
      everywhere().listenOverQuic(port);
    }
  }

  private Everywhere everywhere() {
    return new Everywhere(address -> listenAt(address).address().port());
  }

  /** Starts to accept connections at one more address. */
  public void listen(Multiaddr address) throws IOException {
    listenAt(address);
  }

  private Listener listenAt(Multiaddr address) throws IOException {
    SecureTransport transport =
        transports.stream()
            .filter(candidate -> candidate.handles(address))
            .findFirst()
            .orElseThrow(
                () -> new IOException("this host has no transport that listens on " + address));
    Listener listener = transport.listen(address, inbound::accept);
    listeners.add(listener);
    if (closed) { // perhaps only now, so that close() has not seen this one
      listener.close();
      throw hostClosed();
    }
    observe(HostListener::addressesChanged);
    return listener;
  }

  /** Serves a protocol; replaces the handler that served it. */
  public void handle(String protocol, StreamHandler handler) {
    if (handlers.put(protocol, handler) == null) {
      observe(HostListener::protocolsChanged);
    }
  }

  /** Serves a protocol no longer; streams that are open go on. */
  public void unhandle(String protocol) {
    if (handlers.remove(protocol) != null) {
      observe(HostListener::protocolsChanged);
    }
  }

  /** The protocols that this host serves. */
  public Set<String> protocols() {
    return Set.copyOf(handlers.keySet());
  }

  /** Tells the listener what happens from now on. */
  public void addListener(HostListener listener) {
    observers.add(listener);
  }

  /** Stops telling the listener. */
  public void removeListener(HostListener listener) {
    observers.remove(listener);
  }

  /** Connects to the peer at this address, or returns the connection that there is. */
  public Connection dial(Multiaddr address) throws IOException {
    Optional<PeerId> peer = address.peer().map(PeerId::parse);
    return peer.isPresent()
        ? dial(peer.get(), List.of(address))
        : dialSync.dial(
            Optional.empty(),
            List.of(address),
            () -> establish(Optional.empty(), List.of(address)));
  }

  /** Connects to the peer at an address that is known, or returns the connection that there is. */
  public Connection dial(PeerId peer) throws IOException {
    return dial(peer, List.of());
  }

  /** Connects to the peer at one of these or of the known addresses. */
  public Connection dial(PeerId peer, Collection<Multiaddr> addresses) throws IOException {
    if (peer.equals(peerId)) {
      throw new IOException("that is the id of this host itself");
    }
    Optional<Connection> existing = table.best(peer);
    if (existing.isPresent()) {
      return existing.get();
    }
    // Whether they lead there is to be seen: what did is kept, the others are not.
    Set<Multiaddr> candidates = new LinkedHashSet<>(addresses);
    candidates.addAll(peerstore.addresses(peer));
    List<Multiaddr> known = List.copyOf(candidates);
    return dialSync.dial(Optional.of(peer), known, () -> establish(Optional.of(peer), known));
  }

  /**
   * Connects to the peer without a relay, even where there is a connection through one: at all of
   * the addresses at once, none of which may lead through a relay.
   *
   * @param limit how long it may take
   */
  public Connection dialDirectly(PeerId peer, Collection<Multiaddr> addresses, Duration limit)
      throws IOException {
    var pace = new Dialer.Pace(Duration.ZERO, limit);
    return admission.dial(
        Optional.of(peer),
        connection -> !connection.isRelayed(),
        () -> dialer.dial(Optional.of(peer), List.copyOf(addresses), pace));
  }

  /** The same, at one address after the other and until it is cancelled. */
  public Connection dialDirectly(
      PeerId peer, Collection<Multiaddr> addresses, Cancellation cancellation) throws IOException {
    return admission.dial(
        Optional.of(peer),
        connection -> !connection.isRelayed(),
        () -> dialer.dial(Optional.of(peer), List.copyOf(addresses), cancellation));
  }

  /**
   * Connects to the peer once more, for what is learnt by that: over another transport the peer
   * sees another end of ours. The connection replaces no other that we dialed: it closes after a
   * second, or once no stream is left on it.
   *
   * @param limit how long it may take
   */
  public Connection dialAside(PeerId peer, Multiaddr address, Duration limit) throws IOException {
    var pace = new Dialer.Pace(Duration.ZERO, limit);
    return admission.dialAside(() -> dialer.dial(Optional.of(peer), List.of(address), pace));
  }

  /**
   * Takes the client's part of a hole punch: connects to the peer, which dials us at this moment,
   * at all of the addresses at once.
   *
   * @param limit how long it may take
   */
  public void meet(PeerId peer, Collection<Multiaddr> addresses, Duration limit)
      throws IOException {
    try (var _ = inbound.meet(peer, addresses)) {
      dialDirectly(peer, addresses, limit);
    }
  }

  /**
   * Takes the server's part of a hole punch, at all of the addresses at once: the peer dials us at
   * this moment, and its connection comes in as any other.
   *
   * @param cancellation ends it, once the peer is here or is given up
   */
  public void punch(PeerId peer, Collection<Multiaddr> addresses, Cancellation cancellation) {
    addresses.forEach(
        address ->
            transports.stream()
                .filter(transport -> transport.handles(address))
                .findFirst()
                .ifPresent(it -> inbound.punch(it, peer, address, cancellation)));
  }

  /**
   * Opens a stream to the peer, dialing it when there is no connection. See {@link
   * Connection#open}.
   */
  public Stream open(PeerId peer, String... protocols) throws IOException {
    Optional<Connection> connection = table.best(peer);
    if (connection.isPresent()) {
      try {
        return connection.get().open(protocols);
      } catch (ConnectionClosedException e) {
        log.debug("{} ended as a stream was opened; dialing anew", connection.get());
        table.remove(connection.get());
      }
    }
    return dial(peer).open(protocols);
  }

  /** All open connections. */
  public List<Connection> connections() {
    return table.all();
  }

  /** The open connections to a peer, the one that new streams use first. */
  public List<Connection> connections(PeerId peer) {
    return table.of(peer);
  }

  /** Closes every connection to the peer. */
  public void disconnect(PeerId peer) {
    closeAll(table.of(peer));
  }

  /** Keeps the connections to the peer when others are closed to save resources. */
  public void protect(PeerId peer, String tag) {
    pruner.protect(peer, tag);
  }

  /** Takes back one {@link #protect}. */
  public void unprotect(PeerId peer, String tag) {
    pruner.unprotect(peer, tag);
  }

  /** Stops listening and closes every connection. */
  @Override
  public void close() {
    closed = true;
    listeners.forEach(Listener::close);
    inbound.close();
    closeAll(table.close());
  }

  /** All at once, since a peer that does not listen takes its time. */
  private static void closeAll(List<Connection> connections) {
    List<Thread> closing = connections.stream().map(Connection::beginClose).toList();
    try {
      for (Thread thread : closing) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // they go on without this thread
    }
  }

  /** Tells the listeners; used by the protocols that belong to a host. */
  public void observe(Consumer<HostListener> event) {
    for (HostListener observer : observers) {
      try {
        event.accept(observer);
      } catch (RuntimeException | Error e) {
        log.error("a listener met a fault", e);
      }
    }
  }

  ResourceLedger ledger() {
    return ledger;
  }

  boolean handles(String protocol) {
    return handlers.containsKey(protocol);
  }

  StreamHandler handlerOf(String protocol) throws IOException {
    StreamHandler handler = handlers.get(protocol);
    if (handler == null) {
      throw new IOException("the protocol " + protocol + " is no longer served");
    }
    return handler;
  }

  private Connection establish(Optional<PeerId> expected, List<Multiaddr> addresses)
      throws IOException {
    return admission.dial(expected, _ -> true, () -> dialer.dial(expected, addresses));
  }

  boolean isClosed() {
    return closed;
  }

  static IOException hostClosed() {
    return new ConnectionClosedException("this host is closed");
  }

  private void sweep() {
    if (!closed) {
      time.after(SWEEP_INTERVAL, this::sweep);
      pruner.sweep(time.nanoTime());
    }
  }
}
