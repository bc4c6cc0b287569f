package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.pb.HopMessage;
import dev.warren.libp2p.nat.relay.pb.Status;
import dev.warren.libp2p.nat.relay.pb.StopMessage;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reaches others through relays, and is reached where a relay has given it a place. A place ends
 * with the connection to its relay.
 */
public final class RelayClient {
  private static final String TAG = "relay";
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

  /** Meanwhile no other relay is asked. */
  private static final Duration RESERVE_TIMEOUT = Duration.ofSeconds(10);

  private final Host host;
  private final InstantSource clock;
  private final Map<PeerId, Reservation> places = new ConcurrentHashMap<>();

  private RelayClient(Host host, InstantSource clock) {
    this.host = host;
    this.clock = clock;
  }

  /** Gives a host circuits. */
  public static RelayClient attach(Host host) {
    return attach(host, InstantSource.system());
  }

  /** Gives a host circuits, by this clock. */
  public static RelayClient attach(Host host, InstantSource clock) {
    var client = new RelayClient(host, clock);
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
    try (var _ = host.time().after(RESERVE_TIMEOUT, () -> stream.reset(0))) {
      CircuitMessages.write(
          stream, HopMessage.newBuilder().setType(HopMessage.Type.RESERVE).build());
      place =
          Grant.of(host.peerId(), connection)
              .read(CircuitMessages.readHop(stream), clock.instant());
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
            Grant.circuit(stream.connection().remoteAddress(), stream.remotePeer()),
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
