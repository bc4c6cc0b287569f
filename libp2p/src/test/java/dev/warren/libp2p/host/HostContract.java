package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.negotiate.NegotiationException;
import dev.warren.libp2p.protocol.ping.Ping;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What hosts do over any transport, here on the loopback interface. */
@Timeout(60)
abstract class HostContract {
  static final String ECHO = "/test/echo/1";

  private final List<Host> hosts = new ArrayList<>();

  @AfterEach
  void closeHosts() {
    hosts.forEach(Host::close);
  }

  @Test
  void aStreamCarriesBytesBothWaysAndHalfCloses() throws Exception {
    Host server = start(builder().handle(ECHO, HostContract::echo));
    Host client = start(builder());
    client.dial(address(server));
    try (Stream stream = client.open(server.peerId(), ECHO)) {
      stream.write("hello".getBytes(StandardCharsets.UTF_8));
      stream.closeWrite();
      assertThat(stream.input().readAllBytes()).asString().isEqualTo("hello");
      assertThat(stream.protocol()).isEqualTo(ECHO);
      assertThat(stream.remotePeer()).isEqualTo(server.peerId());
    }
  }

  @Test
  void whoAwaitsBytesThenReadsThemAndTheEndWithoutWaiting() throws Exception {
    Host server = start(builder().handle(ECHO, HostContract::echo));
    Host client = start(builder());
    client.dial(address(server));
    try (Stream stream = client.open(server.peerId(), ECHO)) {
      stream.write(new byte[] {1, 2});
      stream.awaitReadable();
      assertThat(stream.available()).isPositive();
      stream.readFully(new byte[2], 0, 2);
      stream.closeWrite();
      stream.awaitReadable();
      assertThat(stream.read(new byte[1], 0, 1)).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void hostsOfEveryKeyTypeConnect(KeyType type) throws Exception {
    Host server = start(builder().identity(PrivateKey.generate(type)));
    Host client = start(builder().identity(PrivateKey.generate(type)));
    Connection connection = client.dial(address(server));
    assertThat(connection.remoteKey()).isEqualTo(server.identity().publicKey());
    assertThat(connection.remotePeer()).isEqualTo(server.peerId());
  }

  @Test
  void anotherPeerThanTheOneDialedIsRefused() throws Exception {
    Host server = start(builder());
    Host client = start(builder());
    PeerId wrong = PrivateKey.generate(KeyType.ED25519).peerId();
    Multiaddr address = server.addresses().getFirst().withPeer(wrong.toString());
    assertThatThrownBy(() -> client.dial(address))
        .isInstanceOfSatisfying(DialException.class, e -> assertThat(e.attempts()).hasSize(1))
        .hasMessageContaining(server.peerId().toString());
    assertThat(client.connections()).isEmpty();
  }

  @Test
  void aHostDoesNotDialItself() throws Exception {
    Host host = start(builder());
    assertThatThrownBy(() -> host.dial(address(host))).hasMessageContaining("this host itself");
    assertThatThrownBy(() -> host.dial(host.addresses().getFirst()))
        .hasMessageContaining("this host itself");
  }

  @Test
  void aSecondDialReturnsTheConnectionThatThereIs() throws Exception {
    Host server = start(builder());
    Host client = start(builder());
    assertThat(client.dial(address(server))).isSameAs(client.dial(server.peerId()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void manyWhoDialTheSamePeerAtOnceShareOneConnection(boolean named) throws Exception {
    Host server = start(builder());
    Host client = start(builder());
    Multiaddr address = named ? address(server) : server.addresses().getFirst();
    var connections = new LinkedBlockingQueue<Connection>();
    for (int i = 0; i < 20; i++) {
      Thread.startVirtualThread(
          () -> {
            try {
              connections.add(client.dial(address));
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          });
    }
    Set<Connection> distinct = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      distinct.add(connections.poll(30, TimeUnit.SECONDS));
    }
    assertThat(distinct).hasSize(1);
  }

  @Test
  void aProtocolThatThePeerDoesNotSpeakFailsTheFirstRead() throws Exception {
    Host server = start(builder());
    Host client = start(builder());
    Connection connection = client.dial(address(server));
    Stream stream = connection.open("/nobody/speaks/this");
    assertThatThrownBy(() -> stream.read(new byte[1], 0, 1))
        .isInstanceOf(NegotiationException.class)
        .hasMessageContaining("/nobody/speaks/this");
    assertThatThrownBy(() -> connection.open("/nobody/a", "/nobody/b"))
        .isInstanceOf(NegotiationException.class);
  }

  @Test
  void ofSeveralProtocolsTheFirstThatThePeerSpeaksIsUsed() throws Exception {
    Host server = start(builder().handle(ECHO, HostContract::echo));
    Host client = start(builder());
    client.dial(address(server));
    try (Stream stream = client.open(server.peerId(), "/test/echo/2", ECHO)) {
      assertThat(stream.protocol()).isEqualTo(ECHO);
    }
  }

  @Test
  void aHandlerThatFailsResetsItsStreamAndNothingElse() throws Exception {
    Host server =
        start(
            builder()
                .handle(ECHO, HostContract::echo)
                .handle(
                    "/test/fail",
                    _ -> {
                      throw new IllegalStateException("on purpose");
                    }));
    Host client = start(builder());
    Connection connection = client.dial(address(server));
    Stream stream = connection.open("/test/fail");
    assertThatThrownBy(() -> stream.input().readAllBytes()).isInstanceOf(IOException.class);
    assertThat(echoed(connection, 10)).isEqualTo(10);
  }

  @Test
  void listenersHearOfConnectionsThatComeAndGo() throws Exception {
    var events = new LinkedBlockingQueue<String>();
    Host server =
        start(
            builder()
                .listener(
                    new HostListener() {
                      @Override
                      public void connected(Connection connection) {
                        events.add("connected " + connection.remotePeer());
                      }

                      @Override
                      public void disconnected(Connection connection, IOException cause) {
                        events.add("disconnected " + connection.remotePeer());
                      }
                    }));
    Host client = start(builder());
    client.dial(address(server)).close();
    assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo("connected " + client.peerId());
    assertThat(events.poll(30, TimeUnit.SECONDS)).isEqualTo("disconnected " + client.peerId());
    assertThat(server.connections()).isEmpty();
  }

  @Test
  void aPeerThatRestartedIsDialedAnew() throws Exception {
    PrivateKey key = PrivateKey.generate(KeyType.ED25519);
    Host server = start(builder().identity(key).handle(ECHO, HostContract::echo));
    Host client = start(builder());
    Connection first = client.dial(address(server));
    String listening = server.addresses().getFirst().toString();
    server.close();
    Eventually.check(() -> !first.isOpen());
    Host again = builder().identity(key).listen(listening).handle(ECHO, HostContract::echo).start();
    hosts.add(again);
    try (Stream stream = client.open(again.peerId(), ECHO)) {
      assertThat(stream.connection()).isNotSameAs(first);
      stream.write(new byte[] {1});
      stream.readFully(new byte[1], 0, 1);
    }
  }

  @Test
  void twoPeersThatDialEachOtherAtOnceSettleOnOneConnection() throws Exception {
    for (int round = 0; round < 5; round++) {
      Host a = start(builder().handle(ECHO, HostContract::echo));
      Host b = start(builder().handle(ECHO, HostContract::echo));
      var start = new CountDownLatch(1);
      var dialed = new LinkedBlockingQueue<Connection>();
      dialOn(start, a, b, dialed);
      dialOn(start, b, a, dialed);
      start.countDown();
      assertThat(dialed.poll(30, TimeUnit.SECONDS)).isNotNull();
      assertThat(dialed.poll(30, TimeUnit.SECONDS)).isNotNull();
      // Both go on working while the superseded one, if there are two, is retired.
      assertThat(echoed(a.dial(b.peerId()), 1_000)).isEqualTo(1_000);
      assertThat(echoed(b.dial(a.peerId()), 1_000)).isEqualTo(1_000);
      Eventually.check(() -> a.connections().size() == 1 && b.connections().size() == 1);
      assertThat(echoed(a.dial(b.peerId()), 1_000)).isEqualTo(1_000);
      assertThat(echoed(b.dial(a.peerId()), 1_000)).isEqualTo(1_000);
    }
  }

  private static void dialOn(
      CountDownLatch start, Host from, Host to, LinkedBlockingQueue<Connection> dialed) {
    Thread.startVirtualThread(
        () -> {
          try {
            start.await();
            dialed.add(from.dial(address(to)));
          } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void pingMeasuresRoundTripsAgainAndAgain() throws Exception {
    Host server = start(builder());
    Host client = start(builder());
    try (var ping = new Ping(client, client.dial(address(server)))) {
      assertThat(ping.measure()).isPositive();
      assertThat(ping.measure()).isPositive();
    }
  }

  @Test
  void aClosedHostRefusesToDialAndReleasesItsPort() throws Exception {
    Host host = start(builder());
    String address = host.addresses().getFirst().toString();
    host.close();
    assertThatThrownBy(() -> host.dial(Multiaddr.parse("/ip4/127.0.0.1/tcp/1")))
        .hasMessageContaining("closed");
    hosts.add(builder().listen(address).start());
  }

  /** Describes a host of the transport that is tested. */
  abstract HostBuilder builder();

  /** Where such a host listens, at a port that the system chooses. */
  abstract String listenAddress();

  final Host start(HostBuilder builder) throws IOException {
    Host host = builder.listen(listenAddress()).start();
    hosts.add(host);
    return host;
  }

  static Multiaddr address(Host host) {
    return host.addressesWithPeer().getFirst();
  }

  static void echo(Stream stream) throws IOException {
    stream.input().transferTo(stream.output());
  }

  static int echoed(Connection connection, int bytes) throws IOException {
    try (Stream stream = connection.open(ECHO)) {
      Thread.startVirtualThread(
          () -> {
            try {
              stream.write(new byte[bytes]);
              stream.closeWrite();
            } catch (IOException e) {
              stream.reset(0);
            }
          });
      return stream.input().readAllBytes().length;
    }
  }
}
