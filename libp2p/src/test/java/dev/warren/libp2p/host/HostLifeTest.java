package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.memory.MemoryTransport;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How hosts and their connections come and go. */
@Timeout(30)
class HostLifeTest {
  private static final Multiaddr ADDRESS = Multiaddr.parse("/memory/1");

  private final ManualTime time = new ManualTime();
  private final MemoryTransport network = new MemoryTransport();
  private final StallingTransport stalling = new StallingTransport(network);
  private final List<Host> hosts = new ArrayList<>();

  @AfterEach
  void closeHosts() {
    stalling.recover();
    hosts.forEach(Host::close);
  }

  @Test
  void aClosedHostDoesNotBeginToListen() throws Exception {
    Host host = start(Host.builder().transport(network));
    host.close();
    assertThatThrownBy(() -> host.listen(ADDRESS)).isInstanceOf(ConnectionClosedException.class);
    assertNobodyListens();
  }

  @Test
  void aHostThatIsClosedWhileItBeginsToListenLeavesNothingOpen() throws Exception {
    var closing = new AtomicReference<Host>();
    var transport =
        new WrappedTransport(network) {
          @Override
          public Listener listen(Multiaddr address, Consumer<RawConnection> onConnection)
              throws IOException {
            Listener listener = super.listen(address, onConnection);
            closing.get().close();
            return listener;
          }
        };
    Host host = start(Host.builder().transport(transport));
    closing.set(host);
    assertThatThrownBy(() -> host.listen(ADDRESS)).isInstanceOf(ConnectionClosedException.class);
    assertNobodyListens();
  }

  private void assertNobodyListens() {
    assertThatThrownBy(() -> network.dial(ADDRESS, new Cancellation()))
        .isInstanceOf(ConnectException.class);
  }

  @Test
  void closingAHostEndsTheHandshakesThatAreUnderWay() throws Exception {
    Host host = start(Host.builder().transport(network).time(time).listen(ADDRESS.toString()));
    RawConnection silent = network.dial(ADDRESS, new Cancellation());
    host.close();
    silent.input().readAllBytes(); // comes to an end
  }

  @Test
  void closingAHostSaysGoodbyeToAllPeersAtOnce() throws Exception {
    Host host = start(Host.builder().transport(stalling).time(time));
    for (int i = 0; i < 3; i++) {
      connect(host, start(Host.builder().transport(network).listen("/memory/0")));
    }
    stalling.stall();
    Thread closing = Thread.startVirtualThread(host::close);
    for (int i = 0; i < 3; i++) {
      assertThat(stalling.stuck().poll(30, TimeUnit.SECONDS)).isNotNull();
    }
    time.advance(Duration.ofSeconds(1));
    closing.join();
  }

  @Test
  void aFaultInAHandshakeCostsThatConnectionAndNothingElse() throws Exception {
    var faulty = new AtomicBoolean(true);
    var transport =
        new WrappedTransport(network) {
          @Override
          protected RawConnection accepted(RawConnection raw) {
            return new Raw(raw) {
              @Override
              public int read(byte[] buffer, int offset, int length) throws IOException {
                if (faulty.getAndSet(false)) {
                  throw new LinkageError("on purpose");
                }
                return super.read(buffer, offset, length);
              }
            };
          }
        };
    var one =
        new Limits(1, 1, 1, Duration.ofSeconds(10), 9, 9, 1 << 20, 1, 1, Duration.ofMinutes(1));
    Host host = start(Host.builder().transport(transport).limits(one).listen(ADDRESS.toString()));
    Host client = start(Host.builder().transport(network));
    assertThatThrownBy(() -> client.dial(host.addressesWithPeer().getFirst()))
        .isInstanceOf(DialException.class);
    Eventually.check(
        () -> {
          try {
            return client.dial(host.addressesWithPeer().getFirst()).isOpen();
          } catch (IOException notYet) {
            return false;
          }
        });
  }

  @Test
  void whichOfItsConnectionsIsClosedIsForThePeerThatDialedThemToSay() throws Exception {
    Host server = start(Host.builder().transport(network).time(time).listen("/memory/0"));
    PrivateKey key = PrivateKey.generate(KeyType.ED25519);
    for (int i = 0; i < 2; i++) {
      connect(start(Host.builder().transport(network).identity(key)), server);
    }
    Eventually.check(() -> server.connections(key.peerId()).size() == 2);
    List<Connection> both = server.connections(key.peerId());
    Eventually.check(() -> both.stream().allMatch(connection -> connection.streamCount() == 0));
    time.advance(Duration.ofSeconds(2));
    assertThat(both).allMatch(Connection::isOpen);
  }

  @Test
  void aDialThatDoesNotNameThePeerFindsTheConnectionThatThereIs() throws Exception {
    Host server = start(Host.builder().transport(network).listen("/memory/0"));
    Host client = start(Host.builder().transport(network));
    Connection first = client.dial(server.addressesWithPeer().getFirst());
    assertThat(client.dial(server.addresses().getFirst())).isSameAs(first);
    assertThat(client.connections()).containsExactly(first);
  }

  /** Connects, and waits for both ends to identify each other. */
  private static void connect(Host from, Host to) throws IOException {
    Connection connection = from.dial(to.addressesWithPeer().getFirst());
    Eventually.check(
        () ->
            from.peerstore().info(to.peerId()).isPresent()
                && to.peerstore().info(from.peerId()).isPresent()
                && connection.streamCount() == 0);
    connection.ping(); // so no ping is under way
  }

  private Host start(HostBuilder builder) throws IOException {
    Host host = builder.start();
    hosts.add(host);
    return host;
  }
}
