package dev.warren.libp2p.nat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.DialException;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostBuilder;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.pb.HopMessage;
import dev.warren.libp2p.nat.relay.pb.Peer;
import dev.warren.libp2p.nat.relay.pb.Status;
import dev.warren.libp2p.nat.relay.pb.StopMessage;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.LengthPrefixed;
import dev.warren.libp2p.transport.ManualTime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A relay and its peers, over real sockets on the loopback interface. */
@Timeout(60)
class CircuitTest {
  private static final String ECHO = "/test/echo/1";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final RelayLimits GENEROUS =
      new RelayLimits(8, 8, Duration.ofHours(1), 8, 8, 8, CircuitLimit.NONE);

  private final List<Host> hosts = new ArrayList<>();
  private final Host relay = start();
  private final Host hidden = start(Host.builder().handle(ECHO, CircuitTest::echo), false);
  private final Host caller = start();
  private final RelayClient ofHidden = RelayClient.attach(hidden, InstantSource.fixed(NOW));
  private final RelayClient ofCaller = RelayClient.attach(caller, InstantSource.fixed(NOW));

  @AfterEach
  void closeHosts() {
    hosts.forEach(Host::close);
  }

  @Test
  void aPeerThatCannotBeDialedIsReachedThroughItsRelay() throws Exception {
    RelayServer server = serve(GENEROUS);
    Reservation place = reserve();

    Connection connection = caller.dial(circuit(place));

    assertThat(connection.remotePeer()).isEqualTo(hidden.peerId());
    assertThat(connection.isRelayed()).isTrue();
    assertThat(connection.isLimited()).isFalse();
    assertThat(echoed(connection, 3_000_000)).isEqualTo(3_000_000);
    assertThat(server.activity().relayedBytes()).isGreaterThan(6_000_000);
    assertThat(server.activity().circuits()).isOne();
    assertThat(hidden.connections(caller.peerId()).getFirst().isRelayed()).isTrue();
  }

  @Test
  void aPlaceSaysWhereItsPeerIsAndUntilWhen() throws Exception {
    serve(GENEROUS);

    Reservation place = reserve();

    assertThat(place.expires()).isEqualTo(NOW.plus(Duration.ofHours(1)));
    assertThat(place.addresses())
        .containsExactly(
            relay.addressesWithPeer().getFirst().with(Multiaddr.parse("/p2p-circuit")));
    assertThat(hidden.addresses()).containsAll(place.addresses());
    assertThat(place.voucher())
        .contains(new Voucher(relay.peerId(), hidden.peerId(), place.expires()));
  }

  @Test
  void aPlaceOfARelayThatGivesNoVouchersIsAsGood() throws Exception {
    grant(ByteString.EMPTY);

    assertThat(reserve().voucher()).isEmpty();
    assertThat(ofHidden.places()).hasSize(1);
  }

  @Test
  void aVoucherForSomebodyElseIsNotTaken() {
    grant(voucher(relay, caller));

    assertThatThrownBy(this::reserve)
        .isInstanceOf(IOException.class)
        .hasMessage("the relay sent a voucher of others");
    assertThat(ofHidden.places()).isEmpty();
  }

  @Test
  void aVoucherOfAnotherRelayIsNotTaken() {
    grant(voucher(caller, hidden));

    assertThatThrownBy(this::reserve)
        .isInstanceOf(IOException.class)
        .hasMessage("the relay sent a voucher of others");
    assertThat(ofHidden.places()).isEmpty();
  }

  @Test
  void aVoucherWithAForgedSignatureIsNotTaken() {
    byte[] forged = voucher(relay, hidden).toByteArray();
    forged[forged.length - 1] ^= 1;
    grant(ByteString.copyFrom(forged));

    assertThatThrownBy(this::reserve).isInstanceOf(MalformedCircuitMessageException.class);
    assertThat(ofHidden.places()).isEmpty();
  }

  private static ByteString voucher(Host of, Host to) {
    return ByteString.copyFrom(
        new Voucher(of.peerId(), to.peerId(), NOW).seal(of.identity()).toBytes());
  }

  /** Has the relay answer each request with such a voucher. */
  private void grant(ByteString voucher) {
    relay.handle(
        RelayServer.HOP,
        stream -> {
          var _ = CircuitMessages.readHop(stream);
          CircuitMessages.write(
              stream,
              HopMessage.newBuilder()
                  .setType(HopMessage.Type.STATUS)
                  .setStatus(Status.OK)
                  .setReservation(
                      dev.warren.libp2p.nat.relay.pb.Reservation.newBuilder()
                          .setExpire(NOW.getEpochSecond())
                          .setVoucher(voucher))
                  .build());
        });
  }

  @Test
  void aPeerWithoutAPlaceIsNotReached() {
    serve(GENEROUS);
    Multiaddr nobody =
        relay
            .addressesWithPeer()
            .getFirst()
            .with(Multiaddr.parse("/p2p-circuit/p2p/" + hidden.peerId()));

    assertThatThrownBy(() -> caller.dial(nobody))
        .isInstanceOf(DialException.class)
        .hasMessageContaining("the relay is not connected to that peer");
  }

  /** No time passes for the dialing host: what waits would wait for ever. */
  @Test
  void circuitsThroughEachOtherAreNotWaitedFor() {
    Host still = start(Host.builder().time(new ManualTime()), false);
    RelayClient _ = RelayClient.attach(still);
    Multiaddr throughRelay = throughNothingBut(relay, hidden);
    Multiaddr throughHidden = throughNothingBut(hidden, relay);
    Multiaddr throughItself = throughNothingBut(hidden, hidden);
    still.peerstore().addAddresses(hidden.peerId(), List.of(throughRelay, throughItself));
    still.peerstore().addAddresses(relay.peerId(), List.of(throughHidden));

    assertThatThrownBy(() -> still.dial(hidden.peerId())).isInstanceOf(DialException.class);
  }

  private static Multiaddr throughNothingBut(Host relay, Host to) {
    return Multiaddr.parse("/p2p/" + relay.peerId() + "/p2p-circuit/p2p/" + to.peerId());
  }

  @Test
  void aDialThroughARelayThatDoesNotAnswerCanBeCancelled() throws Exception {
    try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Host still = start(Host.builder().time(new ManualTime()), false);
      Multiaddr circuit =
          Multiaddr.parse(
              "/ip4/127.0.0.1/tcp/%d/p2p/%s/p2p-circuit/p2p/%s"
                  .formatted(silent.getLocalPort(), relay.peerId(), hidden.peerId()));
      var cancellation = new Cancellation();
      var accepted = new CompletableFuture<Socket>();
      Thread.startVirtualThread(
          () -> {
            try {
              accepted.complete(silent.accept());
              cancellation.cancel("enough");
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });

      assertThatThrownBy(() -> new CircuitTransport(still).dial(circuit, cancellation))
          .isInstanceOf(IOException.class);
      accepted.join().close();
    }
  }

  @Test
  void aPlaceEndsWithTheConnectionToTheRelay() throws Exception {
    RelayServer server = serve(GENEROUS);
    reserve();
    var gone = new CountDownLatch(1);
    relay.addListener(
        new HostListener() {
          @Override
          public void disconnected(Connection connection, IOException cause) {
            gone.countDown();
          }
        });
    var forgotten = new CountDownLatch(1);
    hidden.addListener(
        new HostListener() {
          @Override
          public void addressesChanged() {
            forgotten.countDown();
          }
        });

    hidden.disconnect(relay.peerId());

    assertThat(gone.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(forgotten.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(server.activity().reservations()).isZero();
    assertThat(ofHidden.places()).isEmpty();
    assertThat(hidden.addresses()).isEmpty();
  }

  @Test
  void aCircuitThatHasUsedUpItsBytesIsCutOff() throws Exception {
    var limits =
        new RelayLimits(
            8, 8, Duration.ofHours(1), 8, 8, 8, new CircuitLimit(Duration.ZERO, 100_000));
    RelayServer server = serve(limits);
    Connection connection = caller.dial(circuit(reserve()));

    assertThat(connection.isLimited()).isTrue();
    assertThatThrownBy(() -> echoed(connection, 1_000_000))
        .isInstanceOf(IOException.class)
        .hasStackTraceContaining("the relay ended the connection, as it does");
    assertThat(server.activity().relayedBytes()).isLessThanOrEqualTo(200_000);
  }

  @Test
  void aCircuitThatMayCarryMuchIsNotTakenForOneThatIsCutOffSoon() throws Exception {
    var limit = new CircuitLimit(Duration.ofHours(1), 1L << 30);
    serve(new RelayLimits(8, 8, Duration.ofHours(1), 8, 8, 8, limit));

    assertThat(caller.dial(circuit(reserve())).isLimited()).isFalse();
  }

  @Test
  void nobodyIsServedThroughARelay() throws Exception {
    serve(GENEROUS);
    Connection circuit = caller.dial(circuit(reserve()));
    RelayServer.start(hidden, GENEROUS, _ -> true, InstantSource.fixed(NOW));

    assertThat(ask(circuit, HopMessage.newBuilder().setType(HopMessage.Type.RESERVE)))
        .isEqualTo(Status.PERMISSION_DENIED);
    assertThat(
            ask(
                circuit,
                HopMessage.newBuilder()
                    .setType(HopMessage.Type.CONNECT)
                    .setPeer(
                        Peer.newBuilder().setId(ByteString.copyFrom(relay.peerId().toBytes())))))
        .isEqualTo(Status.PERMISSION_DENIED);
  }

  @Test
  void whoIsNotAdmittedGetsNoPlace() {
    RelayServer.start(
        relay,
        GENEROUS,
        connection -> !connection.remotePeer().equals(hidden.peerId()),
        InstantSource.fixed(NOW));

    assertThatThrownBy(this::reserve)
        .isInstanceOfSatisfying(
            RelayRefusedException.class,
            e -> assertThat(e.reason()).isEqualTo(RelayRefusedException.Reason.NOT_PERMITTED));
  }

  @Test
  void aFullRelaySaysSo() throws Exception {
    serve(new RelayLimits(1, 1, Duration.ofHours(1), 1, 1, 1, CircuitLimit.NONE));
    reserve();
    caller.dial(relay.addressesWithPeer().getFirst());

    assertThatThrownBy(() -> ofCaller.reserve(relay.peerId()))
        .isInstanceOf(RelayRefusedException.class)
        .hasMessage("the relay has no room left");
  }

  @Test
  void aPeerThatDidNotAskARelayRefusesItsCircuits() throws Exception {
    hidden.dial(relay.addressesWithPeer().getFirst()).ping(); // so that the relay has it too
    Connection toHidden = relay.connections(hidden.peerId()).getFirst();
    Stream stream = toHidden.open(RelayServer.STOP);
    CircuitMessages.write(
        stream,
        StopMessage.newBuilder()
            .setType(StopMessage.Type.CONNECT)
            .setPeer(Peer.newBuilder().setId(ByteString.copyFrom(caller.peerId().toBytes())))
            .build());

    assertThat(CircuitMessages.readStop(stream).getStatus()).isEqualTo(Status.PERMISSION_DENIED);
  }

  @Test
  void whatIsNoMessageIsRefusedAsSuch() throws Exception {
    serve(GENEROUS);
    Connection connection = caller.dial(relay.addressesWithPeer().getFirst());
    Stream garbled = connection.open(RelayServer.HOP);
    LengthPrefixed.write(garbled, new byte[] {(byte) 0xff, 1, 2});
    assertThat(CircuitMessages.readHop(garbled).getStatus()).isEqualTo(Status.MALFORMED_MESSAGE);

    assertThat(ask(connection, HopMessage.newBuilder())).isEqualTo(Status.MALFORMED_MESSAGE);
    assertThat(ask(connection, HopMessage.newBuilder().setType(HopMessage.Type.STATUS)))
        .isEqualTo(Status.UNEXPECTED_MESSAGE);
    assertThat(ask(connection, HopMessage.newBuilder().setType(HopMessage.Type.CONNECT)))
        .isEqualTo(Status.MALFORMED_MESSAGE);
  }

  @Test
  void aDirectConnectionTakesThePlaceOfARelayedOne() throws Exception {
    serve(GENEROUS);
    Connection relayed = caller.dial(circuit(reserve()));

    relayed.ping(); // so that the other end has it too
    assertThat(hidden.dial(caller.peerId()).isRelayed()).isTrue();

    Connection direct =
        hidden.dialDirectly(caller.peerId(), caller.addresses(), Duration.ofSeconds(20));

    assertThat(direct.isRelayed()).isFalse();
    assertThat(hidden.connections(caller.peerId()).getFirst()).isSameAs(direct);
  }

  private RelayServer serve(RelayLimits limits) {
    return RelayServer.start(relay, limits, _ -> true, InstantSource.fixed(NOW));
  }

  private Reservation reserve() throws IOException {
    hidden.dial(relay.addressesWithPeer().getFirst());
    return ofHidden.reserve(relay.peerId());
  }

  private Multiaddr circuit(Reservation place) {
    return place.addresses().getFirst().withPeer(hidden.peerId().toString());
  }

  private static Status ask(Connection connection, HopMessage.Builder request) throws IOException {
    Stream stream = connection.open(RelayServer.HOP);
    CircuitMessages.write(stream, request.build());
    return CircuitMessages.readHop(stream).getStatus();
  }

  private static int echoed(Connection connection, int bytes) throws Exception {
    Stream stream = connection.open(ECHO);
    Thread writer =
        Thread.startVirtualThread(
            () -> {
              try {
                stream.write(new byte[bytes]);
                stream.closeWrite();
              } catch (IOException e) {
                stream.reset(0);
              }
            });
    int echoed = stream.input().readAllBytes().length;
    writer.join();
    return echoed;
  }

  private static void echo(Stream stream) throws IOException {
    byte[] block = new byte[10_000];
    int n;
    while ((n = stream.read(block, 0, block.length)) >= 0) {
      stream.write(Arrays.copyOf(block, n));
    }
    stream.closeWrite();
  }

  private Host start() {
    return start(Host.builder(), true);
  }

  private Host start(HostBuilder builder, boolean listens) {
    try {
      Host host = (listens ? builder.listen("/ip4/127.0.0.1/tcp/0") : builder).start();
      hosts.add(host);
      return host;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
