package dev.warren.libp2p.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Limits;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.IncomingConnection;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Those who begin a connection, and are not heard of again. */
@Timeout(60)
class VanishedDialerTest {
  private static final Multiaddr ANY = Multiaddr.parse("/ip4/127.0.0.1/udp/0/quic-v1");

  private final QuicTransport dialer = transport(QuicSettings.defaults());

  @Test
  void aHandshakeThatIsGivenUpEnds() throws Exception {
    var ended = new CompletableFuture<Exception>();
    try (Listener listener = listen(QuicSettings.defaults(), ended, IncomingConnection::close)) {
      beginAndVanish(listener.address());
      assertThat(ended.get(20, TimeUnit.SECONDS)).hasMessage("this end closed the connection");
    }
  }

  @Test
  void aHandshakeInWhichNothingMoreComesEnds() throws Exception {
    var brief =
        new QuicSettings(Duration.ofSeconds(1), Duration.ofSeconds(15), 10, 1 << 20, 1 << 20, 16);
    var ended = new CompletableFuture<Exception>();
    try (Listener listener = listen(brief, ended, _ -> {})) {
      beginAndVanish(listener.address());
      assertThat(ended.get(20, TimeUnit.SECONDS)).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void thosePendingAtAHostMakeRoomForOthers() throws Exception {
    Limits few = pendingHandshakes(4);
    try (Host host =
            Host.builder()
                .quic()
                .limits(few)
                .listen(ANY.toString())
                .listen("/ip4/127.0.0.1/tcp/0")
                .start();
        Host other = Host.builder().start()) {
      Multiaddr tcp = address(host, Protocol.TCP);
      for (int i = 0; i < 4; i++) {
        beginAndVanish(address(host, Protocol.QUIC_V1));
      }
      boolean reached = false;
      for (long start = System.nanoTime(); !reached; ) {
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(30));
        try {
          other.dial(host.peerId(), List.of(tcp));
          reached = true;
        } catch (IOException _) {
          // Those who vanished still have their time.
        }
      }
    }
  }

  /** Returns when the first packet, and it alone, has been passed on. */
  private void beginAndVanish(Multiaddr listener) throws Exception {
    var first = new AtomicBoolean(true);
    var answered = new CountDownLatch(1);
    var cancellation = new Cancellation();
    try (var path =
        new TappedPath(
            listener,
            _ -> first.getAndSet(false),
            _ -> {
              answered.countDown();
              return false;
            })) {
      Thread dialing =
          Thread.startVirtualThread(
              () -> {
                try {
                  dialer.dial(path.address(), Optional.empty(), cancellation);
                } catch (IOException _) {
                  // cancelled
                }
              });
      assertThat(answered.await(20, TimeUnit.SECONDS)).isTrue();
      cancellation.cancel("vanished");
      dialing.join();
    }
  }

  private static Listener listen(
      QuicSettings settings,
      CompletableFuture<Exception> ended,
      Consumer<IncomingConnection> meanwhile)
      throws IOException {
    return transport(settings)
        .listen(
            ANY,
            incoming -> {
              Thread.startVirtualThread(
                  () -> {
                    try {
                      incoming.secure();
                    } catch (IOException e) {
                      ended.complete(e);
                    }
                  });
              Thread.startVirtualThread(() -> meanwhile.accept(incoming));
            });
  }

  private static QuicTransport transport(QuicSettings settings) {
    return new QuicTransport(PrivateKey.generate(KeyType.ED25519), settings, TimeSource.system());
  }

  private static Limits pendingHandshakes(int count) {
    Limits limits = Limits.defaults();
    return new Limits(
        limits.maxConnections(),
        limits.maxConnectionsPerIp(),
        count,
        Duration.ofSeconds(1),
        limits.maxStreamsPerPeer(),
        limits.maxStreams(),
        limits.maxBufferedBytes(),
        limits.lowWatermark(),
        limits.highWatermark(),
        limits.idleTimeout());
  }

  private static Multiaddr address(Host host, Protocol protocol) {
    return host.addresses().stream().filter(it -> it.has(protocol)).findFirst().orElseThrow();
  }
}
