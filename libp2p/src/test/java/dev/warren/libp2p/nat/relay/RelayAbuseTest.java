package dev.warren.libp2p.nat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Eventually;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostBuilder;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.host.WrappedTransport;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.pb.HopMessage;
import dev.warren.libp2p.nat.relay.pb.Peer;
import dev.warren.libp2p.nat.relay.pb.Status;
import dev.warren.libp2p.nat.relay.pb.StopMessage;
import dev.warren.libp2p.transport.LengthPrefixed;
import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.StreamResetException;
import dev.warren.libp2p.transport.Transport;
import dev.warren.libp2p.transport.memory.MemoryTransport;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Peers that want more of a relay than it has for them, by raw messages over the loopback. */
@Timeout(120)
class RelayAbuseTest {
  private static final RelayLimits LIMITS =
      new RelayLimits(100, 100, Duration.ofHours(1), 3, 2, 100, CircuitLimit.NONE);

  private final List<Host> hosts = new ArrayList<>();
  private final ManualTime time = new ManualTime();
  private final Host relay = host(Host.builder().time(time).listen("/ip4/127.0.0.1/tcp/0"));

  @AfterEach
  void closeHosts() {
    hosts.forEach(Host::close);
  }

  @Test
  void whoAsksForPlacesWithoutEndIsRefusedAndOthersAreServed() throws Exception {
    serve(LIMITS);
    Connection flooding = visit(host(Host.builder()));
    for (int i = 0; i < RequestRates.BURST; i++) {
      assertThat(reserve(flooding)).isEqualTo(Status.OK);
    }

    assertThat(reserve(flooding)).isEqualTo(Status.RESERVATION_REFUSED);
    assertThat(reserve(visit(host(Host.builder())))).isEqualTo(Status.OK);
  }

  @Test
  void newPeersOfOneAddressBringNoNewAllowance() throws Exception {
    var memory = new MemoryTransport();
    var router = new OneRouter(memory);
    Host busy = host(Host.builder().time(new ManualTime()).transport(router).listen("/memory/1"));
    RelayServer _ = RelayServer.start(busy, LIMITS, _ -> true, InstantSource.system());
    for (int peers = 0; peers < 4; peers++) {
      Connection one = host(Host.builder().transport(memory)).dial(at(busy));
      for (int i = 0; i < RequestRates.BURST / 4; i++) {
        assertThat(reserve(one)).isEqualTo(Status.OK);
      }
    }

    Host next = host(Host.builder().transport(memory));
    assertThat(reserve(next.dial(at(busy)))).isEqualTo(Status.RESERVATION_REFUSED);
    router.address = Multiaddr.parse("/ip4/11.0.0.8/tcp/1");
    Host neighbour = host(Host.builder().transport(memory));
    assertThat(reserve(neighbour.dial(at(busy)))).isEqualTo(Status.OK);
  }

  private static Multiaddr at(Host host) {
    return host.addressesWithPeer().getFirst();
  }

  /** Lets a host see all who dial it at one address. */
  private static final class OneRouter extends WrappedTransport {
    private volatile Multiaddr address = Multiaddr.parse("/ip4/11.0.0.7/tcp/1");

    private OneRouter(Transport inside) {
      super(inside);
    }

    @Override
    protected RawConnection accepted(RawConnection raw) {
      return new Raw(raw, raw.localAddress(), address);
    }
  }

  @Test
  void newConnectionsBringNoNewAllowance() throws Exception {
    serve(LIMITS);
    Host flooding = host(Host.builder());
    for (int i = 0; i < RequestRates.BURST; i++) {
      assertThat(reserve(visit(flooding))).isEqualTo(Status.OK);
      if (i % 25 == 0) {
        flooding.disconnect(relay.peerId());
      }
    }

    flooding.disconnect(relay.peerId());

    assertThat(reserve(visit(flooding))).isEqualTo(Status.RESERVATION_REFUSED);
  }

  @Test
  void whoOpensMoreCircuitsThanTheirShareIsToldSoAndKeepsThose() throws Exception {
    RelayServer server = serve(LIMITS);
    Host hidden = hidden();
    Connection caller = visit(host(Host.builder()));
    Stream first = connect(caller, hidden);
    Stream second = connect(caller, hidden);
    assertThat(CircuitMessages.readHop(first).getStatus()).isEqualTo(Status.OK);
    assertThat(CircuitMessages.readHop(second).getStatus()).isEqualTo(Status.OK);

    assertThat(CircuitMessages.readHop(connect(caller, hidden)).getStatus())
        .isEqualTo(Status.RESOURCE_LIMIT_EXCEEDED);
    assertThat(server.activity().refusals()).containsEntry(RelayRefusedException.Reason.FULL, 1L);
    first.write(new byte[] {5});
    byte[] echoed = new byte[1];
    first.readFully(echoed, 0, 1);
    assertThat(echoed).containsExactly(5);
  }

  /** Nobody waits for one: whoever is refused knows it at once, and may try another relay. */
  @Test
  void ofManyWhoAskAtOnceAsManyAsThereIsRoomForHaveACircuitAndTheNextWhenOneEnds()
      throws Exception {
    RelayServer server =
        serve(new RelayLimits(100, 100, Duration.ofHours(1), 8, 100, 100, CircuitLimit.NONE));
    Host hidden = hidden();
    Connection caller = visit(host(Host.builder()));
    List<Stream> asked = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      asked.add(connect(caller, hidden));
    }
    List<Stream> open = new ArrayList<>();
    for (Stream each : asked) {
      Status status = CircuitMessages.readHop(each).getStatus();
      assertThat(status).isIn(Status.OK, Status.RESOURCE_LIMIT_EXCEEDED);
      if (status == Status.OK) {
        open.add(each);
      }
    }
    assertThat(open).hasSize(8);
    assertThat(server.activity().refusals()).containsEntry(RelayRefusedException.Reason.FULL, 24L);

    open.getFirst().reset(0);
    Eventually.check(() -> server.activity().circuits() == 7);

    assertThat(CircuitMessages.readHop(connect(caller, hidden)).getStatus()).isEqualTo(Status.OK);
    assertThat(CircuitMessages.readHop(connect(caller, hidden)).getStatus())
        .isEqualTo(Status.RESOURCE_LIMIT_EXCEEDED);
  }

  @Test
  void aCircuitThatHasLastedAsLongAsAllowedIsCutOff() throws Exception {
    var brief = new CircuitLimit(Duration.ofSeconds(20), 0);
    RelayServer server = serve(new RelayLimits(100, 100, Duration.ofHours(1), 3, 2, 100, brief));
    Connection caller = visit(host(Host.builder()));
    Stream circuit = connect(caller, hidden());
    assertThat(CircuitMessages.readHop(circuit).getStatus()).isEqualTo(Status.OK);
    for (int i = 0; i < 2; i++) {
      circuit.write(new byte[] {5});
      circuit.readFully(new byte[1], 0, 1);
      time.advance(Duration.ofSeconds(i == 0 ? 19 : 1));
    }

    assertThatThrownBy(() -> circuit.readFully(new byte[1], 0, 1)).isInstanceOf(IOException.class);
    Eventually.check(() -> server.activity().circuits() == 0);
    assertThat(caller.isOpen()).as("the connection with the relay").isTrue();
  }

  @Test
  void aMessageThatIsTooLongGetsNoAnswer() throws Exception {
    serve(LIMITS);
    Connection connection = visit(host(Host.builder()));
    Stream tooLong = connection.open(RelayServer.HOP);
    LengthPrefixed.write(tooLong, new byte[CircuitMessages.MAX_BYTES + 1]);
    assertThatThrownBy(() -> CircuitMessages.readHop(tooLong)).isInstanceOf(IOException.class);
  }

  @Test
  void aCircuitWhoseEndDoesNotReadIsCutOffSoon() throws Exception {
    RelayServer server = serve(LIMITS);
    var over = new CountDownLatch(1);
    Connection caller = visit(host(Host.builder()));
    Stream circuit = connect(caller, hidden(_ -> over.await()));
    assertThat(CircuitMessages.readHop(circuit).getStatus()).isEqualTo(Status.OK);
    Thread writer =
        Thread.startVirtualThread(
            () ->
                assertThatThrownBy(() -> circuit.write(new byte[4 << 20]))
                    .isInstanceOf(IOException.class));
    Eventually.check(() -> server.activity().relayedBytes() > 192 << 10);
    long begin = time.nanoTime();

    Eventually.check(
        () -> {
          advance(Duration.ofMillis(500));
          return server.activity().circuits() == 0;
        });

    assertThat(Duration.ofNanos(time.nanoTime() - begin)).isLessThan(Silence.LONGEST);
    over.countDown();
    writer.join();
  }

  private void advance(Duration duration) {
    try {
      time.advance(duration);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRequestThatComesByteByByteHasNoMoreTimeThanAnyOther() throws Exception {
    serve(LIMITS);
    Connection connection = visit(host(Host.builder()));
    Stream stream = connection.open(RelayServer.HOP);
    stream.write(new byte[] {(byte) 0xa0, 0x1f}); // the length: 4000 bytes
    stream.awaitAgreement();

    assertThatThrownBy(
            () -> {
              for (int i = 1; i < 4000; i++) {
                connection.ping(); // so that nobody takes the connection for dead meanwhile
                time.advance(Duration.ofSeconds(1));
                stream.write(new byte[] {0});
              }
            })
        .isInstanceOf(StreamResetException.class);
    assertThat(connection.isOpen()).isTrue();
  }

  @Test
  void whatAPolicyHasNoMoreForIsRefused() throws Exception {
    var left = new AtomicLong(10);
    RelayServer _ =
        RelayServer.start(
            relay,
            LIMITS,
            new RelayPolicy() {
              @Override
              public boolean admits(Connection connection) {
                return true;
              }

              @Override
              public Optional<Meter> meter(Connection from, Connection to) {
                Meter meter =
                    bytes -> {
                      if (left.addAndGet(-bytes) < 0) {
                        throw new IOException("used up");
                      }
                    };
                return Optional.of(meter).filter(_ -> left.get() > 0);
              }
            },
            InstantSource.system());
    Host hidden = hidden();
    Connection caller = visit(host(Host.builder()));
    Stream circuit = connect(caller, hidden);
    assertThat(CircuitMessages.readHop(circuit).getStatus()).isEqualTo(Status.OK);

    circuit.write(new byte[20]);

    assertThatThrownBy(() -> circuit.readFully(new byte[1], 0, 1)).isInstanceOf(IOException.class);
    assertThat(CircuitMessages.readHop(connect(caller, hidden)).getStatus())
        .isEqualTo(Status.RESOURCE_LIMIT_EXCEEDED);
  }

  private RelayServer serve(RelayLimits limits) {
    return RelayServer.start(relay, limits, _ -> true, InstantSource.system());
  }

  private Connection visit(Host visitor) throws IOException {
    return visitor.dial(relay.addressesWithPeer().getFirst());
  }

  /** A peer that has a place, and sends back all that comes by a circuit. */
  private Host hidden() throws IOException {
    return hidden(stream -> stream.input().transferTo(stream.output()));
  }

  private interface End {
    void take(Stream circuit) throws IOException, InterruptedException;
  }

  private Host hidden(End end) throws IOException {
    Host hidden =
        host(
            Host.builder()
                .handle(
                    RelayServer.STOP,
                    stream -> {
                      StopMessage _ = CircuitMessages.readStop(stream);
                      CircuitMessages.write(
                          stream,
                          StopMessage.newBuilder()
                              .setType(StopMessage.Type.STATUS)
                              .setStatus(Status.OK)
                              .build());
                      try {
                        end.take(stream);
                      } catch (InterruptedException e) {
                        throw new IOException(e);
                      }
                    }));
    assertThat(reserve(visit(hidden))).isEqualTo(Status.OK);
    return hidden;
  }

  private static Status reserve(Connection connection) throws IOException {
    Stream stream = connection.open(RelayServer.HOP);
    CircuitMessages.write(stream, HopMessage.newBuilder().setType(HopMessage.Type.RESERVE).build());
    Status status = CircuitMessages.readHop(stream).getStatus();
    stream.close();
    return status;
  }

  private static Stream connect(Connection connection, Host to) throws IOException {
    Stream stream = connection.open(RelayServer.HOP);
    CircuitMessages.write(
        stream,
        HopMessage.newBuilder()
            .setType(HopMessage.Type.CONNECT)
            .setPeer(Peer.newBuilder().setId(ByteString.copyFrom(to.peerId().toBytes())))
            .build());
    return stream;
  }

  private Host host(HostBuilder builder) {
    try {
      Host host = builder.start();
      hosts.add(host);
      return host;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
