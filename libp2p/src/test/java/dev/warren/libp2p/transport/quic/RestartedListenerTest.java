package dev.warren.libp2p.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.IncomingConnection;
import dev.warren.libp2p.transport.Listener;
import dev.warren.libp2p.transport.MuxedConnection;
import dev.warren.libp2p.transport.MuxedStream;
import dev.warren.libp2p.transport.SecuredConnection;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host that is gone without a word, and comes back at the same port: RFC 9000 §10.3. */
@Timeout(60)
class RestartedListenerTest {
  private static final Multiaddr ANY = Multiaddr.parse("/ip4/127.0.0.1/udp/0/quic-v1");

  private final PrivateKey hostKey = PrivateKey.generate(KeyType.ED25519);
  private final QuicTransport dialer = transport(PrivateKey.generate(KeyType.ED25519), 16);
  private final BlockingQueue<SecuredConnection> accepted = new LinkedBlockingQueue<>();
  private final List<MuxedConnection> connections = new ArrayList<>();
  private final Semaphore resets = new Semaphore(0);
  private volatile boolean silent;
  private Listener listener;
  private TappedPath path;

  @AfterEach
  void close() {
    connections.forEach(MuxedConnection::close);
    listener.close();
    path.close();
  }

  @Test
  void tellsItsPeerThatTheConnectionIsGone() throws Exception {
    start(hostKey, 16);
    assertThatConnectionEndsOnceRestarted();
  }

  @Test
  void tellsAPeerWhoseAddressItHadProved() throws Exception {
    start(hostKey, 0);
    assertThatConnectionEndsOnceRestarted();
  }

  @Test
  void tellsAPeerWhoseSocketTakesBothFamilies() throws Exception {
    try (Listener _ =
        dialer.listen(Multiaddr.parse("/ip6/::/udp/0/quic-v1"), IncomingConnection::close)) {
      start(hostKey, 16);
      assertThatConnectionEndsOnceRestarted();
    }
  }

  private void assertThatConnectionEndsOnceRestarted() throws Exception {
    Dialed dialed = dial();
    Dialed second = dial();
    restart(hostKey);
    long sent = System.nanoTime();
    send(dialed.connection);
    send(second.connection);
    for (var end : List.of(dialed.ended, second.ended)) {
      assertThat(end.get(20, TimeUnit.SECONDS))
          .isInstanceOf(ConnectionClosedException.class)
          .hasMessageContaining("started again");
    }
    assertThat(Duration.ofNanos(System.nanoTime() - sent)).isLessThan(Duration.ofSeconds(10));
    assertThat(dial().connection.ping()).as("the host is there for all that is new").isPositive();
  }

  @Test
  void doesNotEndWhatItsTokensAreNotFor() throws Exception {
    start(hostKey, 16);
    Dialed dialed = dial();
    restart(PrivateKey.generate(KeyType.ED25519));
    send(dialed.connection);
    assertThat(resets.tryAcquire(3, 20, TimeUnit.SECONDS)).as("it sends again").isTrue();
    assertThat(dialed.ended).isNotDone();
    dialed.connection.close();
  }

  @Test
  void strangersGetNothingForLittle() throws Exception {
    start(hostKey, 16);
    try (var stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      stranger.setSoTimeout(20_000);
      for (int length = 1; length <= StatelessResets.BYTES + 1; length++) {
        byte[] bytes = new byte[length];
        bytes[0] = 0x40;
        int port = listener.address().port().orElseThrow();
        stranger.send(new DatagramPacket(bytes, length, InetAddress.getLoopbackAddress(), port));
      }
      var answer = new DatagramPacket(new byte[2000], 2000);
      stranger.receive(answer);
      assertThat(answer.getLength()).isEqualTo(StatelessResets.BYTES);
    }
  }

  // ---- both ends

  private void start(PrivateKey key, int unvalidated) throws IOException {
    listener = transport(key, unvalidated).listen(ANY, this::accept);
    path =
        new TappedPath(
            listener.address(),
            _ -> true,
            bytes -> {
              if (bytes.length == StatelessResets.BYTES) {
                silent = false;
                resets.release();
              }
              return !silent;
            });
  }

  /** What it sends before its first reset, when it ends, does not arrive. */
  private void restart(PrivateKey key) throws IOException {
    silent = true;
    Multiaddr address = listener.address();
    connections.forEach(MuxedConnection::close);
    listener.close();
    for (long start = System.nanoTime(); ; ) {
      try {
        listener = transport(key, 16).listen(address, this::accept);
        return;
      } catch (IOException e) { // the port is not yet free
        assertThat(System.nanoTime() - start).as(e.getMessage()).isLessThan(20_000_000_000L);
      }
    }
  }

  /** What is sent again, or to keep the connection alive, may have told the dialer already. */
  private static void send(MuxedConnection connection) {
    try {
      connection.openStream().write(new byte[1]);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("started again");
    }
  }

  private void accept(IncomingConnection incoming) {
    Thread.startVirtualThread(
        () -> {
          try {
            accepted.add(incoming.secure());
          } catch (IOException _) {
            incoming.close();
          }
        });
  }

  private record Dialed(MuxedConnection connection, CompletableFuture<IOException> ended) {}

  private Dialed dial() throws Exception {
    MuxedConnection dialed =
        dialer.dial(path.address(), Optional.of(hostKey.peerId()), new Cancellation()).muxed();
    SecuredConnection other = accepted.poll(20, TimeUnit.SECONDS);
    assertThat(other).isNotNull();
    connections.add(other.muxed());
    // The dialer has heard that the handshake is over, and sends nothing of it again.
    other.muxed().openStream().write(new byte[1]);
    var streams = new LinkedBlockingQueue<MuxedStream>();
    var ended = new CompletableFuture<IOException>();
    Thread.startVirtualThread(() -> ended.complete(dialed.run(streams::add)));
    MuxedStream first = streams.poll(20, TimeUnit.SECONDS);
    assertThat(first).isNotNull();
    assertThat(first.input().read()).isZero();
    return new Dialed(dialed, ended);
  }

  private static QuicTransport transport(PrivateKey key, int unvalidated) {
    var settings =
        new QuicSettings(
            Duration.ofSeconds(30), Duration.ofSeconds(15), 10, 1 << 20, 1 << 20, unvalidated);
    return new QuicTransport(key, settings, TimeSource.system());
  }
}
