package dev.warren.libp2p.nat.dcutr;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.PeerInfo;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a direct connection of each one that comes up through a relay. Whoever was reached through
 * it begins; who dialed through it answers, and is the client of the connection that comes of it.
 *
 * <p>The connection through the relay closes by itself once a direct one is there and its streams
 * have ended. Where none comes of it, it stays.
 */
public final class Dcutr implements Closeable {
  public static final String PROTOCOL = "/libp2p/dcutr";

  private static final Logger log = LoggerFactory.getLogger(Dcutr.class);

  /** For all that is said on one stream. */
  static final Duration EXCHANGE_TIMEOUT = Duration.ofSeconds(10);

  /** What both ends try for, each time. */
  static final Duration PUNCH_TIMEOUT = Duration.ofSeconds(5);

  /** Of circuits that are not direct yet; most of them wait. */
  private static final int MAX_PARALLEL = 128;

  private final Host host;
  private final Supplier<List<Multiaddr>> candidates;
  private final PunchTargets targets;
  private final PunchAllowance allowance;
  private final HostListener watch = new Watch();
  private final Map<PeerId, Upgrade> running = new ConcurrentHashMap<>();

  /** Circuits that were or are being worked on. */
  private final Set<Connection> begun = ConcurrentHashMap.newKeySet();

  private volatile boolean closed;

  private Dcutr(Host host, Supplier<List<Multiaddr>> candidates, PunchTargets targets) {
    this.host = host;
    this.candidates = candidates;
    this.targets = targets;
    allowance = new PunchAllowance(host.time());
  }

  /**
   * Gives a host hole punching.
   *
   * @param candidates where it may be reached, as others see it
   * @param allowed at which addresses others are tried: public ones, but in a laboratory; those of
   *     our own network where others see us both at one IP address
   */
  public static Dcutr attach(
      Host host, Supplier<List<Multiaddr>> candidates, Predicate<InetAddress> allowed) {
    return attach(host, candidates, new PunchTargets(allowed, LocalNetwork::neighbours));
  }

  static Dcutr attach(Host host, Supplier<List<Multiaddr>> candidates, PunchTargets targets) {
    var dcutr = new Dcutr(host, candidates, targets);
    host.addListener(dcutr.watch);
    host.handle(PROTOCOL, dcutr::answer);
    return dcutr;
  }

  @Override
  public void close() {
    closed = true;
    host.unhandle(PROTOCOL);
    host.removeListener(watch);
    running.values().forEach(Upgrade::end);
  }

  /** We dialed through the relay, and the peer says when the time has come. */
  private void answer(Stream stream) throws IOException {
    Connection circuit = stream.connection();
    PeerId peer = stream.remotePeer();
    if (!circuit.isRelayed() || !circuit.outbound()) {
      throw new IOException("a hole punch has to come from the peer that we dialed by a relay");
    }
    if (!allowance.takeToAnswer(peer)) {
      throw new IOException("the peer asks for hole punches too often");
    }
    List<Multiaddr> own = ownAddresses();
    List<Multiaddr> addresses;
    try (var _ = host.time().after(EXCHANGE_TIMEOUT, () -> stream.reset(0))) {
      PunchMessage.Connect theirs = PunchMessage.readConnect(stream);
      new PunchMessage.Connect(own).write(stream);
      // Now, since there is no time for it when SYNC is here.
      addresses = targets.of(theirs.addresses(), host.peerstore().addresses(peer), own);
      if (!(PunchMessage.read(stream) instanceof PunchMessage.Sync)) {
        throw new MalformedPunchMessageException("the peer sent its addresses twice");
      }
    }
    stream.close(); // so that the relay need not carry it any longer
    if (!addresses.isEmpty()) {
      host.meet(peer, addresses, PUNCH_TIMEOUT);
    }
  }

  List<Multiaddr> ownAddresses() {
    return targets.of(candidates.get());
  }

  private Optional<Connection> direct(PeerId peer) {
    return host.connections(peer).stream()
        .filter(connection -> connection.isOpen() && !connection.isRelayed())
        .findFirst();
  }

  /** Begins with a circuit to the peer, if there is one that has not been begun with. */
  private void begin(PeerId peer) {
    if (direct(peer).isEmpty() && host.peerstore().info(peer).isPresent()) {
      host.connections(peer).stream().filter(this::isWaiting).findFirst().ifPresent(this::upgrade);
    }
  }

  private boolean isWaiting(Connection connection) {
    return connection.isOpen()
        && connection.isRelayed()
        && !connection.outbound()
        && !begun.contains(connection);
  }

  private void upgrade(Connection circuit) {
    PeerId peer = circuit.remotePeer();
    var upgrade = new Upgrade(host, circuit, targets, this::ownAddresses, allowance);
    if (closed || running.size() >= MAX_PARALLEL || running.putIfAbsent(peer, upgrade) != null) {
      return; // until one of those that run has ended
    }
    begun.add(circuit);
    if (!circuit.isOpen()) { // perhaps only now, so that nobody forgets it
      begun.remove(circuit);
    }
    Thread.ofVirtual()
        .name("libp2p-dcutr")
        .start(
            () -> {
              try {
                log.debug("{}: {}", circuit, upgrade.run() ? "now direct" : "stays with its relay");
              } finally {
                running.remove(peer);
                beginNext();
              }
            });
  }

  private void beginNext() {
    host.connections().stream()
        .filter(this::isWaiting)
        .map(Connection::remotePeer)
        .distinct()
        .forEach(this::begin);
  }

  /** Begins once it is known where the peer may be reached, and sees direct connections come. */
  private final class Watch implements HostListener {
    @Override
    public void identified(PeerId peer, PeerInfo info) {
      begin(peer);
    }

    @Override
    public void connected(Connection connection) {
      Upgrade upgrade = running.get(connection.remotePeer());
      if (upgrade != null && !connection.isRelayed()) {
        upgrade.end();
      }
    }

    @Override
    public void disconnected(Connection connection, IOException cause) {
      PeerId peer = connection.remotePeer();
      begun.remove(connection);
      Upgrade upgrade = running.get(peer);
      if (upgrade != null && upgrade.isOf(connection)) {
        upgrade.end();
      }
      if (!connection.isRelayed() && direct(peer).isEmpty()) { // what is left of it begins anew
        begun.removeIf(circuit -> circuit.remotePeer().equals(peer));
        begin(peer);
      }
    }
  }
}
