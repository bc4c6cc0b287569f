package dev.warren.libp2p.nat.relay;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.IpGroup;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.IpRanges;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.RelayLedger.Party;
import dev.warren.libp2p.nat.relay.RelayRefusedException.Reason;
import dev.warren.libp2p.nat.relay.pb.HopMessage;
import dev.warren.libp2p.nat.relay.pb.Peer;
import dev.warren.libp2p.nat.relay.pb.Reservation;
import dev.warren.libp2p.nat.relay.pb.Status;
import dev.warren.libp2p.nat.relay.pb.StopMessage;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets peers that cannot be dialed be reached through this host.
 *
 * <p>A peer takes a place and stays connected; another one that asks for it is joined to a stream
 * to it. Neither is served over a circuit in turn: chains of relays would multiply what one peer
 * can use of others.
 */
public final class RelayServer implements Closeable {
  /** What peers ask a relay for. */
  public static final String HOP = "/libp2p/circuit/relay/0.2.0/hop";

  /** What a relay asks the peer for that is to be reached. */
  static final String STOP = "/libp2p/circuit/relay/0.2.0/stop";

  private static final Logger log = LoggerFactory.getLogger(RelayServer.class);

  private static final String TAG = "relay-reservation";
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  /**
   * For how long an end of a circuit may take nothing while there is something for it. What waits
   * for it is in memory, and whoever is there reads.
   */
  static final Duration LONGEST_STALL = Duration.ofSeconds(30);

  /** What a reservation names at most; more than any client keeps. */
  private static final int MAX_ADDRESSES = 16;

  /**
   * What a relay has done since it was started, and does now.
   *
   * @param refusals by the reason that peers were given
   */
  public record Activity(
      int reservations,
      int circuits,
      long grantedReservations,
      long openedCircuits,
      long relayedBytes,
      Map<Reason, Long> refusals) {}

  private final Host host;
  private final RelayPolicy policy;
  private final InstantSource clock;
  private final LongAdder grantedReservations = new LongAdder();
  private final LongAdder openedCircuits = new LongAdder();
  private final LongAdder relayedBytes = new LongAdder();
  private final Map<Reason, LongAdder> refusals = new EnumMap<>(Reason.class);
  private final RequestRates rates = new RequestRates();
  private final HostListener departures = new Departures();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition lastCircuitEnded = lock.newCondition();
  private final RelayLedger ledger; // guarded by lock
  private volatile RelayLimits limits;
  private volatile boolean draining;
  private volatile boolean closed;

  private RelayServer(Host host, RelayLimits limits, RelayPolicy policy, InstantSource clock) {
    this.host = host;
    this.limits = limits;
    this.policy = policy;
    this.clock = clock;
    ledger = new RelayLedger(limits);
    for (Reason reason : Reason.values()) {
      refusals.put(reason, new LongAdder());
    }
  }

  /** Begins to serve. */
  public static RelayServer start(
      Host host, RelayLimits limits, RelayPolicy policy, InstantSource clock) {
    var server = new RelayServer(host, limits, policy, clock);
    host.addListener(server.departures);
    host.handle(HOP, server::serve);
    return server;
  }

  /** What this relay has done, and does. */
  public Activity activity() {
    expire();
    lock.lock();
    try {
      var refused = new EnumMap<Reason, Long>(Reason.class);
      refusals.forEach((reason, count) -> refused.put(reason, count.sum()));
      return new Activity(
          ledger.reservations(),
          ledger.circuits(),
          grantedReservations.sum(),
          openedCircuits.sum(),
          relayedBytes.sum(),
          refused);
    } finally {
      lock.unlock();
    }
  }

  /** Serves within other limits from now on. What has been granted stays. */
  public void setLimits(RelayLimits others) {
    lock.lock();
    try {
      limits = others;
      ledger.setLimits(others);
    } finally {
      lock.unlock();
    }
  }

  /** Grants nothing any more, which those who ask are told. */
  public void drain() {
    draining = true;
  }

  /**
   * Waits for the circuits to end.
   *
   * @return whether they have, in this time
   */
  public boolean awaitEnd(Duration most) throws InterruptedException {
    long left = most.toNanos();
    lock.lock();
    try {
      while (ledger.circuits() > 0 && left > 0) {
        left = lastCircuitEnded.awaitNanos(left);
      }
      return ledger.circuits() == 0;
    } finally {
      lock.unlock();
    }
  }

  /** Takes nobody any more; circuits that are open go on until they end. */
  @Override
  public void close() {
    closed = true;
    host.unhandle(HOP);
    host.removeListener(departures);
  }

  private void serve(Stream stream) throws IOException {
    stream.setWriteTimeout(LONGEST_STALL);
    HopMessage request;
    // One bound for the whole message, however slowly its bytes come.
    try (var _ = host.time().after(ANSWER_TIMEOUT, () -> stream.reset(0))) {
      request = CircuitMessages.readHop(stream);
    } catch (MalformedCircuitMessageException e) {
      refuse(stream, Status.MALFORMED_MESSAGE);
      return;
    }
    if (!request.hasType()) {
      refuse(stream, Status.MALFORMED_MESSAGE);
      return;
    }
    switch (request.getType()) {
      case RESERVE -> reserve(stream);
      case CONNECT -> connect(stream, request);
      case STATUS, UNRECOGNIZED -> refuse(stream, Status.UNEXPECTED_MESSAGE);
    }
  }

  /** Whether the peer is served at all, and not over a circuit in turn. */
  private boolean isServed(Connection connection) {
    return !closed && !connection.isRelayed() && policy.admits(connection);
  }

  /** Whether the relay is about to end, or the peer has asked too often. */
  private boolean isTooMuch(Connection connection) {
    return draining || !rates.take(connection, host.time().nanoTime());
  }

  private void reserve(Stream stream) throws IOException {
    Connection connection = stream.connection();
    PeerId peer = connection.remotePeer();
    if (!isServed(connection)) {
      refuse(stream, Status.PERMISSION_DENIED);
      return;
    }
    if (isTooMuch(connection) || !take(peer, IpGroup.of(connection.remoteAddress()))) {
      refuse(stream, Status.RESERVATION_REFUSED);
      return;
    }
    host.protect(peer, TAG);
    if (!connection.isOpen()) { // it left between its request and its place, so nobody will tell us
      release(peer);
      return;
    }
    grantedReservations.increment();
    Instant expires = clock.instant().plus(limits.reservationLife());
    var reservation =
        Reservation.newBuilder()
            .setExpire(expires.getEpochSecond())
            .setVoucher(
                ByteString.copyFrom(
                    new Voucher(host.peerId(), peer, expires).seal(host.identity()).toBytes()));
    named(host.addressesWithPeer(), connection.remoteAddress())
        .forEach(address -> reservation.addAddrs(ByteString.copyFrom(address.toBytes())));
    var ok = HopMessage.newBuilder().setStatus(Status.OK).setReservation(reservation);
    limits.circuit().toMessage().ifPresent(ok::setLimit);
    answer(stream, ok);
  }

  /**
   * Those that most can dial first, since a client keeps only so many; to one of the internet,
   * those of the internet (§"Reservation": "all the public relay addrs").
   */
  static List<Multiaddr> named(List<Multiaddr> own, Multiaddr client) {
    boolean ofInternet = client.ip().filter(IpRanges::isPublic).isPresent();
    return own.stream()
        .filter(address -> !ofInternet || address.ip().map(IpRanges::isPublic).orElse(true))
        .sorted(Comparator.comparing(address -> address.ip().filter(IpRanges::isLocal).isPresent()))
        .limit(MAX_ADDRESSES)
        .toList();
  }

  private void connect(Stream stream, HopMessage request) throws IOException {
    Connection connection = stream.connection();
    Optional<PeerId> to = peer(request);
    if (to.isEmpty()) {
      refuse(stream, Status.MALFORMED_MESSAGE);
      return;
    }
    if (!isServed(connection) || connection.remotePeer().equals(to.get())) {
      refuse(stream, Status.PERMISSION_DENIED);
      return;
    }
    if (isTooMuch(connection)) {
      refuse(stream, Status.RESOURCE_LIMIT_EXCEEDED);
      return;
    }
    Optional<Connection> reached = reached(to.get());
    if (reached.isEmpty()) {
      refuse(stream, Status.NO_RESERVATION);
      return;
    }
    if (!policy.admits(reached.get())) {
      refuse(stream, Status.PERMISSION_DENIED);
      return;
    }
    Party from = party(connection);
    Party end = party(reached.get());
    if (!open(from, end)) {
      refuse(stream, Status.RESOURCE_LIMIT_EXCEEDED);
      return;
    }
    try {
      Optional<RelayPolicy.Meter> meter = policy.meter(connection, reached.get());
      if (meter.isEmpty()) {
        refuse(stream, Status.RESOURCE_LIMIT_EXCEEDED);
        return;
      }
      join(stream, reached.get(), meter.get());
    } finally {
      closeCircuit(from, end);
    }
  }

  private static Party party(Connection connection) {
    return new Party(connection.remotePeer(), IpGroup.of(connection.remoteAddress()));
  }

  private void join(Stream stream, Connection reached, RelayPolicy.Meter meter) throws IOException {
    CircuitLimit limit = limits.circuit();
    Stream second;
    try {
      second = stop(stream.remotePeer(), reached, limit);
    } catch (IOException e) {
      log.debug("{} does not take a circuit: {}", reached, e.toString());
      refuse(stream, Status.CONNECTION_FAILED);
      return;
    }
    try {
      var ok = HopMessage.newBuilder().setStatus(Status.OK);
      limit.toMessage().ifPresent(ok::setLimit);
      answer(stream, ok);
    } catch (IOException e) {
      second.reset(0);
      throw e;
    }
    openedCircuits.increment();
    new Circuit(stream, second, limit, host.time(), meter, relayedBytes::add).run();
  }

  /** Asks a peer to be the end of a circuit from another one. */
  private Stream stop(PeerId from, Connection reached, CircuitLimit limit) throws IOException {
    Stream stream = reached.open(STOP);
    stream.setWriteTimeout(LONGEST_STALL);
    // One bound for the whole exchange, however slowly the bytes of an answer come.
    try (var _ = host.time().after(ANSWER_TIMEOUT, () -> stream.reset(0))) {
      var request =
          StopMessage.newBuilder()
              .setType(StopMessage.Type.CONNECT)
              .setPeer(Peer.newBuilder().setId(ByteString.copyFrom(from.toBytes())));
      limit.toMessage().ifPresent(request::setLimit);
      CircuitMessages.write(stream, request.build());
      StopMessage answer = CircuitMessages.readStop(stream);
      if (answer.getType() != StopMessage.Type.STATUS || answer.getStatus() != Status.OK) {
        throw new IOException("the peer answered " + answer.getStatus());
      }
      return stream;
    } catch (IOException e) {
      stream.reset(0);
      throw e;
    }
  }

  private static Optional<PeerId> peer(HopMessage request) {
    try {
      return Optional.of(PeerId.fromBytes(request.getPeer().getId().toByteArray()));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /** The connection to a peer that has a place here. */
  private Optional<Connection> reached(PeerId peer) {
    lock.lock();
    try {
      if (!ledger.isReserved(peer, host.time().nanoTime())) {
        return Optional.empty();
      }
    } finally {
      lock.unlock();
    }
    return direct(peer);
  }

  private Optional<Connection> direct(PeerId peer) {
    return host.connections(peer).stream()
        .filter(connection -> connection.isOpen() && !connection.isRelayed())
        .findFirst();
  }

  private boolean take(PeerId peer, Optional<IpGroup> from) {
    expire();
    lock.lock();
    try {
      return ledger.reserve(peer, from, host.time().nanoTime());
    } finally {
      lock.unlock();
    }
  }

  private void expire() {
    List<PeerId> expired;
    lock.lock();
    try {
      expired = ledger.expire(host.time().nanoTime());
    } finally {
      lock.unlock();
    }
    expired.forEach(peer -> host.unprotect(peer, TAG));
  }

  private void release(PeerId peer) {
    lock.lock();
    try {
      ledger.release(peer);
    } finally {
      lock.unlock();
    }
    host.unprotect(peer, TAG);
  }

  private boolean open(Party from, Party to) {
    lock.lock();
    try {
      return ledger.open(from, to);
    } finally {
      lock.unlock();
    }
  }

  private void closeCircuit(Party from, Party to) {
    lock.lock();
    try {
      ledger.close(from, to);
      if (ledger.circuits() == 0) {
        lastCircuitEnded.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void refuse(Stream stream, Status status) throws IOException {
    LongAdder counter = refusals.get(Reason.of(status));
    if (counter != null) {
      counter.increment();
    }
    answer(stream, HopMessage.newBuilder().setStatus(status));
  }

  private static void answer(Stream stream, HopMessage.Builder message) throws IOException {
    CircuitMessages.write(stream, message.setType(HopMessage.Type.STATUS).build());
  }

  /** A place is good for as long as its peer stays connected. */
  private final class Departures implements HostListener {
    @Override
    public void disconnected(Connection connection, IOException cause) {
      if (direct(connection.remotePeer()).isEmpty()) {
        release(connection.remotePeer());
      }
    }
  }
}
