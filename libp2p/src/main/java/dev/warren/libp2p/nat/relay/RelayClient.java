package dev.warren.libp2p.nat.relay;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.InvalidEnvelopeException;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.nat.relay.pb.HopMessage;
import dev.warren.libp2p.nat.relay.pb.Status;
import dev.warren.libp2p.nat.relay.pb.StopMessage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reaches others through relays, and is reached where a relay has given it a place. A place ends
 * with the connection to its relay.
 */
public final class RelayClient {
  private static final String TAG = "relay";
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  private final Host host;
  private final Map<PeerId, Reservation> places = new ConcurrentHashMap<>();

  private RelayClient(Host host) {
    this.host = host;
  }

  /** Gives a host circuits. */
  public static RelayClient attach(Host host) {
    var client = new RelayClient(host);
    host.addTransport(new CircuitTransport(host));
    host.advertise(client::addresses);
    host.addListener(client.new Departures());
    host.handle(RelayServer.STOP, client::accept);
    return client;
  }

  /** Where this host can be reached through relays at present, without its id. */
  public List<Multiaddr> addresses() {
    return places.values().stream().flatMap(place -> place.addresses().stream()).toList();
  }

  /** The places that this host has at present. */
  public Collection<Reservation> places() {
    return List.copyOf(places.values());
  }

  /**
   * Takes a place at a relay, or renews it. It is good until it expires, or the connection to the
   * relay ends.
   *
   * @throws RelayRefusedException if the relay has none for us
   */
  public Reservation reserve(PeerId relay) throws IOException {
    Connection connection = host.dial(relay);
    if (connection.isRelayed()) {
      throw new IOException("the relay itself is reached through a relay only");
    }
    Reservation place;
    Stream stream = connection.open(RelayServer.HOP);
    try (var _ = host.time().after(ANSWER_TIMEOUT, () -> stream.reset(0))) {
      CircuitMessages.write(
          stream, HopMessage.newBuilder().setType(HopMessage.Type.RESERVE).build());
      place = place(connection, CircuitMessages.readHop(stream));
      stream.close();
    } catch (IOException e) {
      stream.reset(0);
      throw e;
    }
    Reservation before = places.put(relay, place);
    host.protect(relay, TAG);
    if (!connection.isOpen()) { // perhaps only now, so that nobody has seen this place go
      release(relay);
      throw new IOException("the connection to the relay ended");
    }
    if (before == null || !before.addresses().equals(place.addresses())) {
      host.observe(HostListener::addressesChanged);
    }
    return place;
  }

  /** Is not reached through this relay any more. */
  public void release(PeerId relay) {
    host.unprotect(relay, TAG);
    if (places.remove(relay) != null) {
      host.observe(HostListener::addressesChanged);
    }
  }

  private Reservation place(Connection connection, HopMessage answer) throws IOException {
    if (answer.getType() != HopMessage.Type.STATUS || answer.getStatus() != Status.OK) {
      throw new RelayRefusedException(answer.getStatus());
    }
    PeerId relay = connection.remotePeer();
    List<Multiaddr> addresses = new ArrayList<>();
    for (ByteString bytes : answer.getReservation().getAddrsList()) {
      if (addresses.size() == Reservation.MAX_ADDRESSES) {
        break;
      }
      try {
        Multiaddr address = Multiaddr.fromBytes(bytes.toByteArray());
        if (!address.isCircuit()) {
          addresses.add(circuit(address, relay));
        }
      } catch (MalformedException unknown) {
        // of a kind that only newer nodes can dial
      }
    }
    if (addresses.isEmpty()) { // the one that we know is good
      addresses.add(circuit(connection.remoteAddress(), relay));
    }
    return new Reservation(
        relay,
        EpochSeconds.toInstant(answer.getReservation().getExpire()),
        addresses,
        CircuitLimit.of(answer.getLimit()),
        voucher(relay, answer.getReservation().getVoucher()));
  }

  /** Reservations "should come with" one (§"Reservation Vouchers"), and those of some do not. */
  private Optional<Voucher> voucher(PeerId relay, ByteString envelope) throws IOException {
    if (envelope.isEmpty()) {
      return Optional.empty();
    }
    Voucher voucher;
    try {
      voucher = Voucher.open(envelope.toByteArray());
    } catch (InvalidEnvelopeException e) {
      throw new MalformedCircuitMessageException(e);
    }
    if (!voucher.relay().equals(relay) || !voucher.peer().equals(host.peerId())) {
      throw new MalformedCircuitMessageException("the relay sent a voucher of others");
    }
    return Optional.of(voucher);
  }

  private static Multiaddr circuit(Multiaddr relayAddress, PeerId relay) {
    return relayAddress.withPeer(relay.toString()).with(Protocol.P2P_CIRCUIT);
  }

  /** A relay says that somebody wants to reach us. */
  private void accept(Stream stream) throws IOException {
    StopMessage request;
    try (var _ = host.time().after(ANSWER_TIMEOUT, () -> stream.reset(0))) {
      try {
        request = CircuitMessages.readStop(stream);
      } catch (MalformedCircuitMessageException e) {
        answer(stream, Status.MALFORMED_MESSAGE);
        return;
      }
      if (request.getType() != StopMessage.Type.CONNECT) {
        answer(stream, Status.UNEXPECTED_MESSAGE);
        return;
      }
      if (!places.containsKey(stream.remotePeer()) || stream.connection().isRelayed()) {
        answer(stream, Status.PERMISSION_DENIED);
        return;
      }
      answer(stream, Status.OK);
    }
    var circuit =
        new CircuitConnection(
            stream,
            circuit(stream.connection().remoteAddress(), stream.remotePeer()),
            CircuitLimit.of(request.getLimit()));
    host.accept(circuit);
    circuit.awaitClosed();
  }

  private static void answer(Stream stream, Status status) throws IOException {
    CircuitMessages.write(
        stream,
        StopMessage.newBuilder().setType(StopMessage.Type.STATUS).setStatus(status).build());
  }

  private final class Departures implements HostListener {
    @Override
    public void disconnected(Connection connection, IOException cause) {
      PeerId peer = connection.remotePeer();
      boolean left = host.connections(peer).stream().allMatch(other -> other.isRelayed());
      if (left && places.containsKey(peer)) {
        release(peer);
      }
    }
  }
}
