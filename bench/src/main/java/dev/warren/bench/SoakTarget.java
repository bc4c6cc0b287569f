package dev.warren.bench;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Limits;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The host that is soaked. */
final class SoakTarget implements AutoCloseable {
  static final String ECHO = "/warren-bench/echo/1.0.0";
  static final String RESET = "/warren-bench/reset/1.0.0";

  private static final int BUFFER_BYTES = 4 << 10;

  /** Short, so that many stalled handshakes run into it within a soak. */
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(3);

  private static final byte[] HALF_A_HANDSHAKE =
      "\u0013/multistream/1.0.0\n\u0007/noi".getBytes(StandardCharsets.US_ASCII);

  private final Host host;

  SoakTarget(int connections) throws IOException {
    host =
        Host.builder()
            .limits(limits(connections))
            .handle(ECHO, SoakTarget::echo)
            .handle(RESET, SoakTarget::reset)
            .listen("/ip4/127.0.0.1/tcp/0")
            .start();
  }

  Multiaddr address() {
    return host.addressesWithPeer().getFirst();
  }

  int connectionCount() {
    return host.connections().size();
  }

  /** Begins a handshake, never goes on with it, and waits for the host to end it. */
  void stall() throws IOException {
    int port = host.addresses().getFirst().port().orElseThrow();
    try (SocketChannel socket =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
      socket.write(ByteBuffer.wrap(HALF_A_HANDSHAKE));
      ByteBuffer answers = ByteBuffer.allocate(BUFFER_BYTES);
      while (socket.read(answers.clear()) >= 0) {
        // The host's part of the negotiation.
      }
    }
  }

  @Override
  public void close() {
    host.close();
  }

  private static Limits limits(int connections) {
    Limits roomy = Limits.defaults().withConnections(2 * connections);
    return new Limits(
        roomy.maxConnections(),
        roomy.maxConnectionsPerIp(),
        roomy.maxPendingHandshakes(),
        HANDSHAKE_TIMEOUT,
        roomy.maxStreamsPerPeer(),
        Math.max(roomy.maxStreams(), 50 * connections),
        roomy.maxBufferedBytes(),
        roomy.lowWatermark(),
        roomy.highWatermark(),
        roomy.idleTimeout());
  }

  private static void echo(Stream stream) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    int n;
    while ((n = stream.read(buffer, 0, buffer.length)) >= 0) {
      stream.write(buffer, 0, n);
    }
    stream.closeWrite();
  }

  private static void reset(Stream stream) throws IOException {
    stream.readFully(new byte[1], 0, 1);
    stream.reset(0);
  }
}
