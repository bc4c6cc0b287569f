package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.host.ResourceLedger.Permit;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.mux.yamux.YamuxSettings;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.tcp.TcpTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LimitsTest {
  private final List<Host> hosts = new ArrayList<>();

  @AfterEach
  void closeHosts() {
    hosts.forEach(Host::close);
  }

  @Test
  void connectionsFromOneAddressAreCountedAndLoopbackIsExempt() throws Exception {
    var ledger = new ResourceLedger(limits(100, 2, 100, Duration.ofSeconds(10)));
    Multiaddr crowded = Multiaddr.parse("/ip4/9.9.9.9/tcp/1");
    Permit first = ledger.inboundConnection(crowded);
    ledger.inboundConnection(Multiaddr.parse("/ip4/9.9.9.9/tcp/2"));
    assertThatThrownBy(() -> ledger.inboundConnection(crowded))
        .isInstanceOfSatisfying(
            LimitExceededException.class,
            e -> assertThat(e.limit()).isEqualTo("maxConnectionsPerIp"))
        .hasMessageContaining("maxConnectionsPerIp = 2");
    ledger.inboundConnection(Multiaddr.parse("/ip4/9.9.9.8/tcp/1"));
    first.close();
    first.close(); // only the first time counts
    ledger.inboundConnection(crowded);
    assertThatThrownBy(() -> ledger.inboundConnection(crowded))
        .isInstanceOf(LimitExceededException.class);
    for (int i = 0; i < 10; i++) {
      ledger.inboundConnection(Multiaddr.parse("/ip4/127.0.0.1/tcp/1"));
    }
  }

  @Test
  void oneIpv6NetworkCountsAsOneAddress() throws Exception {
    var ledger = new ResourceLedger(limits(100, 1, 100, Duration.ofSeconds(10)));
    ledger.inboundConnection(Multiaddr.parse("/ip6/2001:db8:1:2::1/tcp/1"));
    assertThatThrownBy(
            () -> ledger.inboundConnection(Multiaddr.parse("/ip6/2001:db8:1:2:ffff::9/tcp/1")))
        .isInstanceOf(LimitExceededException.class);
    ledger.inboundConnection(Multiaddr.parse("/ip6/2001:db8:1:3::1/tcp/1"));
  }

  @Test
  void allIpv6NetworksOfASiteCountAsEightAddresses() throws Exception {
    var ledger = new ResourceLedger(limits(100, 2, 100, Duration.ofSeconds(10)));
    Multiaddr next = Multiaddr.parse("/ip6/2001:db8:1:ff::1/tcp/1");
    List<Permit> taken = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      taken.add(ledger.inboundConnection(Multiaddr.parse("/ip6/2001:db8:1:" + i + "::1/tcp/1")));
    }
    assertThatThrownBy(() -> ledger.inboundConnection(next))
        .isInstanceOf(LimitExceededException.class);
    ledger.inboundConnection(Multiaddr.parse("/ip6/2001:db8:2::1/tcp/1"));
    taken.getFirst().close();
    ledger.inboundConnection(next);
  }

  @Test
  void theStreamsOfAPeerAreCountedOverAllOfItsConnections() throws Exception {
    var release = new CountDownLatch(1);
    Host server = holding(release, 4);
    PrivateKey key = PrivateKey.generate(KeyType.ED25519);
    var connections = new ArrayList<Connection>();
    for (int i = 0; i < 2; i++) {
      Host client = Host.builder().identity(key).start();
      hosts.add(client);
      connections.add(client.dial(server.addressesWithPeer().getFirst()));
    }
    List<Stream> held = holdFour(connections);
    for (Connection connection : connections) {
      Stream fifth = connection.open("/hold");
      assertThatThrownBy(() -> fifth.readFully(new byte[1], 0, 1)).isInstanceOf(IOException.class);
    }
    release.countDown();
    for (Stream stream : held) {
      assertThat(stream.read(new byte[1], 0, 1)).isEqualTo(-1);
    }
  }

  @Test
  void aFailedConnectionGivesBackWhatItTook() throws Exception {
    var ledger = new ResourceLedger(limits(1, 1, 100, Duration.ofSeconds(10)));
    Permit only = ledger.inboundConnection(Multiaddr.parse("/ip4/9.9.9.9/tcp/1"));
    assertThatThrownBy(ledger::outboundConnection).hasMessageContaining("maxConnections = 1");
    only.close();
    ledger.outboundConnection().close();
    ledger.inboundConnection(Multiaddr.parse("/ip4/9.9.9.9/tcp/1")).close();
  }

  @Test
  void aConnectionThatNeverFinishesItsHandshakeIsClosedInTime() throws Exception {
    Host host = start(limits(100, 8, 100, Duration.ofMillis(200)));
    try (RawConnection silent = connect(host)) {
      // The host sends its multistream header at once or nothing; then it closes.
      silent.input().readAllBytes();
    }
  }

  @Test
  void pendingHandshakesAreBoundedAndFreedAgain() throws Exception {
    Host host = start(limits(100, 8, 2, Duration.ofSeconds(10)));
    var stalled = new ArrayList<RawConnection>();
    for (int i = 0; i < 10; i++) {
      stalled.add(connect(host));
    }
    // Eight of the ten are closed at once although they said nothing.
    var ended = new LinkedBlockingQueue<RawConnection>();
    for (RawConnection connection : stalled) {
      Thread.startVirtualThread(
          () -> {
            try {
              connection.input().readAllBytes();
            } catch (IOException e) {
              // reset is as good as closed
            }
            ended.add(connection);
          });
    }
    for (int i = 0; i < 8; i++) {
      assertThat(ended.poll(30, TimeUnit.SECONDS)).isNotNull();
    }
    stalled.forEach(RawConnection::close);
    Host client = start(Limits.defaults());
    Eventually.check(() -> connects(client, host));
  }

  @Test
  void streamsAboveTheLimitAreResetAndTheOthersGoOn() throws Exception {
    var release = new CountDownLatch(1);
    Host server = holding(release, 4);
    Host client = start(Limits.defaults());
    Connection connection = client.dial(server.addressesWithPeer().getFirst());
    List<Stream> held = holdFour(List.of(connection));
    Stream fifth = connection.open("/hold");
    assertThatThrownBy(() -> fifth.readFully(new byte[1], 0, 1)).isInstanceOf(IOException.class);
    release.countDown();
    for (Stream stream : held) {
      assertThat(stream.read(new byte[1], 0, 1)).isEqualTo(-1);
    }
  }

  /** A host that takes so many streams of a peer and keeps them until it is told. */
  private Host holding(CountDownLatch release, int maxStreamsPerPeer) throws IOException {
    Host server =
        Host.builder()
            .limits(
                new Limits(
                    100,
                    8,
                    64,
                    Duration.ofSeconds(10),
                    maxStreamsPerPeer,
                    100,
                    1 << 20,
                    50,
                    60,
                    Duration.ofMinutes(1)))
            .time(new ManualTime()) // stands still: no connection is retired
            .listen("/ip4/127.0.0.1/tcp/0")
            .handle(
                "/hold",
                stream -> {
                  try {
                    stream.write(new byte[] {1});
                    release.await();
                  } catch (InterruptedException e) {
                    throw new IOException(e);
                  }
                })
            .start();
    hosts.add(server);
    return server;
  }

  /**
   * Opens four streams, on the connections in turn. Identify takes one of the four for a moment, so
   * one of them may have to be tried again.
   */
  private static List<Stream> holdFour(List<Connection> connections) {
    var held = new ArrayList<Stream>();
    Eventually.check(
        () -> {
          try {
            Stream stream = connections.get(held.size() % connections.size()).open("/hold");
            stream.readFully(new byte[1], 0, 1);
            held.add(stream);
          } catch (IOException refused) {
            // reset: above the limit
          }
          return held.size() == 4;
        });
    return held;
  }

  @Test
  void aDialAboveTheLimitOfConnectionsSaysSo() throws Exception {
    Host a = start(Limits.defaults());
    Host b = start(Limits.defaults());
    Host client =
        start(
            new Limits(1, 8, 8, Duration.ofSeconds(5), 8, 8, 1 << 20, 1, 1, Duration.ofMinutes(1)));
    client.dial(a.addressesWithPeer().getFirst());
    assertThatThrownBy(() -> client.dial(b.addressesWithPeer().getFirst()))
        .isInstanceOf(LimitExceededException.class)
        .hasMessageContaining("maxConnections = 1");
    client.disconnect(a.peerId());
    Eventually.check(() -> connects(client, b));
  }

  @Test
  void whatPeersMaySendOnAConnectionHasRoomThere() {
    for (int mebibytes : new int[] {1, 4, 16, 512}) {
      var limits =
          new Limits(
              1, 1, 1, Duration.ofSeconds(5), 8, 8, (long) mebibytes << 20, 1, 1, Duration.ZERO);
      YamuxSettings settings = Host.builder().limits(limits).muxerSettings();
      assertThat(settings.maxWindowGrowthBytes())
          .isLessThanOrEqualTo(settings.maxBufferedBytes() / 2);
      assertThat((long) settings.maxWindowBytes()).isLessThanOrEqualTo(settings.maxBufferedBytes());
    }
  }

  @Test
  void whereWindowsMayGrowByLittleTheyDoSoOnNoConnectionByMuch() {
    YamuxSettings settings = Host.builder().maxWindowGrowth(8 << 20).muxerSettings();

    assertThat(settings.maxWindowGrowthBytes()).isEqualTo(1 << 20);
    assertThat(settings.maxWindowBytes()).isEqualTo(1 << 20);
    assertThat(settings.memory().reserve((8 << 20) + 1)).isFalse();
    assertThat(settings.memory().reserve(8 << 20)).isTrue();
  }

  private static boolean connects(Host client, Host host) {
    try {
      client.dial(host.addressesWithPeer().getFirst());
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  private Host start(Limits limits) throws IOException {
    Host host = Host.builder().limits(limits).listen("/ip4/127.0.0.1/tcp/0").start();
    hosts.add(host);
    return host;
  }

  private static RawConnection connect(Host host) throws IOException {
    return new TcpTransport().dial(host.addresses().getFirst(), new Cancellation());
  }

  private static Limits limits(
      int connections, int perIp, int handshakes, Duration handshakeTimeout) {
    return new Limits(
        connections,
        perIp,
        handshakes,
        handshakeTimeout,
        100,
        100,
        1 << 20,
        connections,
        connections,
        Duration.ofMinutes(1));
  }
}
