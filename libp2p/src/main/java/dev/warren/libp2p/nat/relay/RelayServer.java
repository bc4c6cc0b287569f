package dev.warren.libp2p.nat.relay;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.IpGroup;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.MalformedException;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
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

  /** What a relay has done since it was started, and does now. */
  public record Activity(int reservations, int circuits, long relayedBytes, long refusals) {}

  private final Host host;
  private final RelayLimits limits;
  private final Predicate<PeerId> admitted;
  private final InstantSource clock;
  private final LongAdder relayedBytes = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private final HostListener departures = new Departures();
  private final ReentrantLock lock = new ReentrantLock();
  private final RelayLedger ledger; // guarded by lock
  private volatile boolean closed;

  private RelayServer(
      Host host, RelayLimits limits, Predicate<PeerId> admitted, InstantSource clock) {
    this.host = host;
    this.limits = limits;
    this.admitted = admitted;
    this.clock = clock;
    ledger = new RelayLedger(limits);
  }

  /**
   * Begins to serve.
   *
   * @param admitted who is served at all
   */
  public static RelayServer start(
      Host host, RelayLimits limits, Predicate<PeerId> admitted, InstantSource clock) {
    var server = new RelayServer(host, limits, admitted, clock);
    host.addListener(server.departures);
    host.handle(HOP, server::serve);
    return server;
  }

  /** What this relay has done, and does. */
  public Activity activity() {
    expire();
    lock.lock();
    try {
      return new Activity(
          ledger.reservations(), ledger.circuits(), relayedBytes.sum(), refusals.sum());
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
    stream.setReadTimeout(ANSWER_TIMEOUT);
    stream.setWriteTimeout(ANSWER_TIMEOUT);
    HopMessage request;
    try {
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

  private void reserve(Stream stream) throws IOException {
    Connection connection = stream.connection();
    PeerId peer = connection.remotePeer();
    if (closed || connection.isRelayed() || !admitted.test(peer)) {
      refuse(stream, Status.PERMISSION_DENIED);
      return;
    }
    if (!take(peer, IpGroup.of(connection.remoteAddress()))) {
      refuse(stream, Status.RESERVATION_REFUSED);
      return;
    }
    host.protect(peer, TAG);
    if (!connection.isOpen()) { // it left between its request and its place, so nobody will tell us
      release(peer);
      return;
    }
    Instant expires = clock.instant().plus(limits.reservationLife());
    var reservation =
        Reservation.newBuilder()
            .setExpire(expires.getEpochSecond())
            .setVoucher(
                ByteString.copyFrom(
                    new Voucher(host.peerId(), peer, expires).seal(host.identity()).toBytes()));
    host.addressesWithPeer()
        .forEach(address -> reservation.addAddrs(ByteString.copyFrom(address.toBytes())));
    answer(stream, HopMessage.newBuilder().setStatus(Status.OK).setReservation(reservation));
  }

  private void connect(Stream stream, HopMessage request) throws IOException {
    PeerId from = stream.remotePeer();
    Optional<PeerId> to = peer(request);
    if (to.isEmpty()) {
      refuse(stream, Status.MALFORMED_MESSAGE);
      return;
    }
    if (closed
        || stream.connection().isRelayed()
        || !admitted.test(from)
        || from.equals(to.get())) {
      refuse(stream, Status.PERMISSION_DENIED);
      return;
    }
    Optional<Connection> reached = reached(to.get());
    if (reached.isEmpty()) {
      refuse(stream, Status.NO_RESERVATION);
      return;
    }
    if (!open(from, to.get())) {
      refuse(stream, Status.RESOURCE_LIMIT_EXCEEDED);
      return;
    }
    try {
      join(stream, reached.get());
    } finally {
      closeCircuit(from, to.get());
    }
  }

  private void join(Stream stream, Connection reached) throws IOException {
    Stream second;
    try {
      second = stop(stream.remotePeer(), reached);
    } catch (IOException e) {
      log.debug("{} does not take a circuit: {}", reached, e.toString());
      refuse(stream, Status.CONNECTION_FAILED);
      return;
    }
    try {
      var ok = HopMessage.newBuilder().setStatus(Status.OK);
      limits.circuit().toMessage().ifPresent(ok::setLimit);
      answer(stream, ok);
    } catch (IOException e) {
      second.reset(0);
      throw e;
    }
    // The ends have time-outs of their own.
    stream.setReadTimeout(Duration.ZERO);
    stream.setWriteTimeout(Duration.ZERO);
    second.setReadTimeout(Duration.ZERO);
    second.setWriteTimeout(Duration.ZERO);
    new Circuit(stream, second, limits.circuit(), host.time(), relayedBytes::add).run();
  }

  /** Asks a peer to be the end of a circuit from another one. */
  private Stream stop(PeerId from, Connection reached) throws IOException {
    Stream stream = reached.open(STOP);
    // One bound for the whole exchange, however slowly the bytes of an answer come.
    try (var _ = host.time().after(ANSWER_TIMEOUT, () -> stream.reset(0))) {
      var request =
          StopMessage.newBuilder()
              .setType(StopMessage.Type.CONNECT)
              .setPeer(Peer.newBuilder().setId(ByteString.copyFrom(from.toBytes())));
      limits.circuit().toMessage().ifPresent(request::setLimit);
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

  private boolean open(PeerId from, PeerId to) {
    lock.lock();
    try {
      return ledger.open(from, to);
    } finally {
      lock.unlock();
    }
  }

  private void closeCircuit(PeerId from, PeerId to) {
    lock.lock();
    try {
      ledger.close(from, to);
    } finally {
      lock.unlock();
    }
  }

  private void refuse(Stream stream, Status status) throws IOException {
    refusals.increment();
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
