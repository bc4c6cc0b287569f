package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.memory.MemoryTransport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ConnectionPrunerTest {
  private final ManualTime time = new ManualTime();
  private final MemoryTransport network = new MemoryTransport();
  private final StallingTransport transport = new StallingTransport(network);
  private final List<Host> peers = new ArrayList<>();
  private final Host host;

  ConnectionPrunerTest() throws IOException {
    host =
        Host.builder()
            .transport(transport)
            .time(time)
            .limits(
                new Limits(
                    100,
                    8,
                    64,
                    Duration.ofSeconds(10),
                    100,
                    100,
                    1 << 20,
                    2,
                    4,
                    Duration.ofMinutes(10)))
            .start();
  }

  @AfterEach
  void closeHosts() {
    transport.recover();
    host.close();
    peers.forEach(Host::close);
  }

  @Test
  void aConnectionWithoutStreamsIsClosedAfterTheIdleTimeUnlessProtected() throws Exception {
    Connection idle = connect();
    Connection kept = connect();
    host.protect(kept.remotePeer(), "friend");
    Connection used = connect();
    Stream stream = used.open("/hold");
    stream.write(new byte[1]);
    sweepFor(Duration.ofMinutes(9));
    assertThat(idle.isOpen()).isTrue();
    sweepFor(Duration.ofMinutes(2));
    assertThat(idle.isOpen()).isFalse();
    assertThat(kept.isOpen()).isTrue();
    assertThat(used.isOpen()).isTrue();

    host.unprotect(kept.remotePeer(), "friend");
    sweepFor(Duration.ofMinutes(1));
    assertThat(kept.isOpen()).isFalse();
  }

  @Test
  void aboveTheHighWatermarkTheLeastUsefulConnectionsAreClosedDownToTheLowOne() throws Exception {
    Connection used = connect();
    used.open("/hold").write(new byte[1]);
    for (int i = 0; i < 4; i++) {
      connect();
    }
    assertThat(host.connections()).as("new ones have their grace").hasSize(5);
    sweepFor(Duration.ofSeconds(60));
    Eventually.check(() -> host.connections().size() == 2);
    assertThat(used.isOpen()).isTrue();
  }

  @Test
  void peersThatDoNotListenToTheGoodbyeHoldUpNobody() throws Exception {
    time.advance(Duration.ofSeconds(5)); // so the sweep comes before the heartbeats
    for (int i = 0; i < 5; i++) {
      connect().ping(); // so no ping is under way
    }
    transport.stall();
    time.advance(Duration.ofSeconds(25)); // would wait for a sweep that waits
    for (int i = 0; i < 3; i++) {
      assertThat(transport.stuck().poll(30, TimeUnit.SECONDS)).isNotNull();
    }
    assertThat(host.connections().stream().filter(Connection::isOpen)).hasSize(2);
    time.advance(Duration.ofSeconds(1));
    Eventually.check(() -> host.connections().size() == 2);
  }

  /** The sweep comes every 30 s, and yamux wants an answer to its pings. */
  private void sweepFor(Duration duration) throws InterruptedException {
    for (long left = duration.toSeconds(); left > 0; left -= 5) {
      time.advance(Duration.ofSeconds(5));
      for (Connection connection : host.connections()) {
        if (connection.isOpen()) {
          Thread ping =
              Thread.startVirtualThread(
                  () -> {
                    try {
                      connection.ping();
                    } catch (IOException e) {
                      // closed meanwhile
                    }
                  });
          ping.join();
        }
      }
    }
  }

  private Connection connect() throws IOException {
    Host peer =
        Host.builder()
            .transport(network)
            .time(new ManualTime()) // stands still: no push that comes by itself
            .listen("/memory/0")
            .handle("/hold", stream -> stream.input().readAllBytes())
            .start();
    peers.add(peer);
    Connection connection = host.dial(peer.addressesWithPeer().getFirst());
    // Each end identifies the other once: a stream that would otherwise come at any moment.
    Eventually.check(
        () ->
            host.peerstore().info(peer.peerId()).isPresent()
                && peer.peerstore().info(host.peerId()).isPresent()
                && connection.streamCount() == 0);
    return connection;
  }
}
