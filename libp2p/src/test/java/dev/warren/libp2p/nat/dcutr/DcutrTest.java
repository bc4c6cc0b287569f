package dev.warren.libp2p.nat.dcutr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Eventually;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostBuilder;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.multiformats.IpRanges;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.CircuitLimit;
import dev.warren.libp2p.nat.relay.RelayClient;
import dev.warren.libp2p.nat.relay.RelayLimits;
import dev.warren.libp2p.nat.relay.RelayServer;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.tcp.TcpTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two peers and their relay. What they dial directly goes over an internet of NATs. */
@Timeout(120)
class DcutrTest {
  private static final Multiaddr AT_CALLER = Multiaddr.parse("/ip4/11.0.0.1/tcp/4001");
  private static final Multiaddr AT_HIDDEN = Multiaddr.parse("/ip4/11.0.0.2/tcp/4001");
  private static final Multiaddr AT_NOBODY = Multiaddr.parse("/ip4/11.0.0.9/tcp/4001");

  private final PunchedInternet internet = new PunchedInternet();
  private final List<Host> hosts = new ArrayList<>();
  private final Host relay = start(Host.builder().listen("/ip4/127.0.0.1/tcp/0"));
  private final RelayServer server =
      RelayServer.start(
          relay,
          new RelayLimits(8, 8, Duration.ofHours(1), 8, 8, 8, CircuitLimit.NONE),
          _ -> true,
          InstantSource.system());

  @AfterEach
  void closeHosts() {
    hosts.forEach(Host::close);
  }

  @Test
  void twoPeersBehindNatsMeetAndLeaveTheRelay() throws Exception {
    Host caller = home(AT_CALLER);
    Host hidden = home(AT_HIDDEN);
    punching(caller, AT_CALLER);
    punching(hidden, AT_HIDDEN);

    call(caller, hidden);

    Connection dialed = awaitDirect(caller, hidden);
    Connection accepted = awaitDirect(hidden, caller);
    assertThat(dialed.outbound()).as("who dialed by the relay is the client").isTrue();
    assertThat(accepted.outbound()).isFalse();
    assertThat(dialed.remoteAddress()).isEqualTo(AT_HIDDEN);
    assertThat(accepted.remoteAddress()).isEqualTo(AT_CALLER);
    assertThat(dialed.ping()).isPositive();
    Eventually.check(() -> server.activity().circuits() == 0);
    assertThat(caller.connections(hidden.peerId())).containsExactly(dialed);
  }

  @Test
  void aPeerThatCanBeDialedIsDialed() throws Exception {
    Host caller = start(Host.builder().listen("/ip4/127.0.0.1/tcp/0"));
    Host hidden = start(Host.builder());
    Dcutr.attach(caller, List::of, _ -> true);
    Dcutr.attach(hidden, List::of, _ -> true);

    call(caller, hidden);

    assertThat(awaitDirect(hidden, caller).outbound()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ip4/127.0.0.1/tcp/0", "/ip4/127.0.0.1/udp/0/quic-v1"})
  void twoBehindOneRouterMeetInItsNetwork(String inside) throws Exception {
    Host caller = home(AT_NOBODY, Host.builder().quic().listen(inside));
    Host hidden = home(AT_NOBODY, Host.builder().quic().listen(inside));
    atHome(caller, AT_CALLER);
    atHome(hidden, Multiaddr.parse("/ip4/11.0.0.1/tcp/4002"));

    call(caller, hidden);

    Connection dialed = awaitDirect(caller, hidden);
    assertThat(dialed.outbound()).isTrue();
    assertThat(dialed.remoteAddress()).isIn(hidden.addresses());
  }

  @Test
  void twoBehindTwoRoutersLookForEachOtherInNoNetworkOfTheirOwn() throws Exception {
    var time = new ManualTime();
    Host caller = home(AT_CALLER, Host.builder().listen("/ip4/127.0.0.1/tcp/0"));
    Host hidden = home(AT_HIDDEN, Host.builder().time(time).listen("/ip4/127.0.0.1/tcp/0"));
    atHome(caller, AT_NOBODY);
    atHome(hidden, AT_HIDDEN);

    call(caller, hidden);
    passUntil(time, () -> internet.dialsFrom(AT_HIDDEN) == Upgrade.MAX_ATTEMPTS);

    assertThat(hidden.connections(caller.peerId())).allMatch(Connection::isRelayed);
  }

  /** The loopback interface stands for the network at home. */
  private static void atHome(Host host, Multiaddr own) {
    Dcutr.attach(
        host,
        () -> List.of(own),
        new PunchTargets(IpRanges::isPublic, () -> InetAddress::isLoopbackAddress));
  }

  @Test
  void overQuicTheServerSendsAndTheClientDials() throws Exception {
    Host caller = start(Host.builder().quic());
    Host hidden = start(Host.builder().quic().listen("/ip4/127.0.0.1/udp/0/quic-v1"));
    try (var router = new UdpRouter(hidden.addresses().getFirst())) {
      Dcutr.attach(caller, () -> List.of(router.callersAddress()), _ -> true);
      Dcutr.attach(hidden, () -> List.of(router.address()), _ -> true);

      call(caller, hidden);

      Connection dialed = awaitDirect(caller, hidden);
      assertThat(dialed.outbound()).isTrue();
      assertThat(dialed.remoteAddress()).isEqualTo(router.address());
      assertThat(awaitDirect(hidden, caller).outbound()).isFalse();
    }
  }

  @Test
  void afterThreeAttemptsTheRelayStaysAndLaterThereAreMore() throws Exception {
    var time = new ManualTime();
    Host caller = home(AT_CALLER);
    Host hidden = home(AT_HIDDEN, Host.builder().time(time));
    punching(caller, AT_NOBODY);
    punching(hidden, AT_NOBODY);

    Connection relayed = call(caller, hidden);
    for (int i = 1; i <= Upgrade.MAX_ATTEMPTS; i++) {
      int attempt = i;
      passUntil(time, () -> internet.dialsFrom(AT_HIDDEN) == attempt);
    }
    long third = time.nanoTime();
    Duration more = Dcutr.PUNCH_TIMEOUT.plusSeconds(4);
    passUntil(time, () -> time.nanoTime() - third > more.toNanos());

    assertThat(internet.dialsFrom(AT_HIDDEN)).isEqualTo(Upgrade.MAX_ATTEMPTS);
    assertThat(relayed.isOpen()).isTrue();
    assertThat(relayed.ping()).isPositive();

    passUntil(time, () -> internet.dialsFrom(AT_HIDDEN) > Upgrade.MAX_ATTEMPTS);
  }

  @Test
  void aDirectConnectionThatEndsSoonIsFollowedByAnother() throws Exception {
    Host caller = home(AT_CALLER);
    Host hidden = home(AT_HIDDEN);
    punching(caller, AT_CALLER);
    punching(hidden, AT_HIDDEN);
    hidden.handle("/test/hold/1", stream -> stream.input().readAllBytes());
    Connection circuit = call(caller, hidden);
    Stream held = circuit.open("/test/hold/1"); // so that the circuit stays
    held.write(new byte[1]);
    Connection first = awaitDirect(hidden, caller);

    first.close();

    Eventually.check(() -> internet.dialsFrom(AT_CALLER) > 1);
    assertThat(awaitDirect(hidden, caller)).isNotEqualTo(first);
    assertThat(circuit.isOpen()).isTrue();
  }

  @Test
  void aPeerThatLearnsLaterHowToPunchIsPunchedTo() throws Exception {
    var time = new ManualTime();
    Host caller = home(AT_CALLER);
    Host hidden = home(AT_HIDDEN, Host.builder().time(time));
    punching(hidden, AT_HIDDEN);
    call(caller, hidden);
    Eventually.check(() -> hidden.peerstore().info(caller.peerId()).isPresent());

    punching(caller, AT_CALLER);
    Eventually.check(
        () ->
            hidden.peerstore().info(caller.peerId()).stream()
                .anyMatch(info -> info.protocols().contains(Dcutr.PROTOCOL)));
    passUntil(
        time, () -> hidden.connections(caller.peerId()).stream().anyMatch(it -> !it.isRelayed()));
  }

  @Test
  void whoIsAnotherPeerThanExpectedIsShownToNobody() throws Exception {
    Host hidden = home(AT_HIDDEN);
    Host impostor = home(AT_CALLER);
    Host expected = start(Host.builder());
    var shown = new CopyOnWriteArrayList<Connection>();
    hidden.addListener(
        new HostListener() {
          @Override
          public void connected(Connection connection) {
            shown.add(connection);
          }
        });
    var left = new CountDownLatch(1);
    impostor.addListener(
        new HostListener() {
          @Override
          public void disconnected(Connection connection, IOException cause) {
            left.countDown();
          }
        });

    hidden.punch(expected.peerId(), List.of(AT_CALLER), new Cancellation());
    try {
      impostor.dial(AT_HIDDEN);
    } catch (IOException e) {
      left.countDown(); // turned away before it had a connection
    }

    assertThat(left.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(shown).isEmpty();
  }

  @Test
  void aPunchIsRefusedOnADirectConnection() throws Exception {
    Host caller = start(Host.builder());
    punching(caller, AT_CALLER);
    caller.dial(relay.addressesWithPeer().getFirst()).ping();
    Connection direct = relay.connections(caller.peerId()).getFirst();

    assertThatThrownBy(() -> connect(direct)).isInstanceOf(IOException.class);
  }

  @Test
  void aPunchIsRefusedFromWhoeverDialedByTheRelay() throws Exception {
    Host caller = start(Host.builder());
    Host hidden = start(Host.builder());
    punching(hidden, AT_HIDDEN);

    Connection circuit = call(caller, hidden);

    assertThatThrownBy(() -> connect(circuit)).isInstanceOf(IOException.class);
  }

  @Test
  void whoAsksTooOftenIsRefused() throws Exception {
    Host caller = start(Host.builder());
    Host hidden = start(Host.builder());
    Dcutr.attach(caller, () -> List.of(AT_CALLER), IpRanges::isPublic);
    call(caller, hidden).ping();
    Connection circuit = hidden.connections(caller.peerId()).getFirst();

    for (int i = 0; i < PunchAllowance.PER_PEER; i++) {
      assertThat(connect(circuit).addresses()).containsExactly(AT_CALLER);
    }

    assertThatThrownBy(() -> connect(circuit)).isInstanceOf(IOException.class);
  }

  private static PunchMessage.Connect connect(Connection connection) throws IOException {
    Stream stream = connection.open(Dcutr.PROTOCOL);
    try {
      new PunchMessage.Connect(List.of()).write(stream);
      return PunchMessage.readConnect(stream);
    } finally {
      stream.reset(0);
    }
  }

  /** Lets time pass by little, so that what happens meanwhile takes little of it. */
  private static void passUntil(ManualTime time, BooleanSupplier condition) {
    Eventually.check(
        () -> {
          try {
            time.advance(Duration.ofMillis(10));
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
          return condition.getAsBoolean();
        });
  }

  private static Connection awaitDirect(Host host, Host peer) {
    Eventually.check(
        () -> host.connections(peer.peerId()).stream().anyMatch(it -> !it.isRelayed()));
    return host.connections(peer.peerId()).getFirst();
  }

  /** Connects through the relay. */
  private Connection call(Host caller, Host hidden) throws IOException {
    RelayClient.attach(caller);
    RelayClient ofHidden = RelayClient.attach(hidden);
    hidden.dial(relay.addressesWithPeer().getFirst());
    Multiaddr circuit = ofHidden.reserve(relay.peerId()).addresses().getFirst();
    return caller.dial(circuit.withPeer(hidden.peerId().toString()));
  }

  private static void punching(Host host, Multiaddr own) {
    Dcutr.attach(host, () -> List.of(own), IpRanges::isPublic);
  }

  private Host home(Multiaddr own) {
    return home(own, Host.builder());
  }

  private Host home(Multiaddr own, HostBuilder builder) {
    return start(builder.transport(internet.at(own)).transport(new TcpTransport()));
  }

  private Host start(HostBuilder builder) {
    try {
      Host host = builder.start();
      hosts.add(host);
      return host;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
