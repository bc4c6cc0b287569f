package dev.warren.libp2p.transport.quic;

import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between one dialer and a listener, and is slow and loses one datagram in so many. */
final class LossyPath implements AutoCloseable {
  private static final Duration ONE_WAY = Duration.ofMillis(5);

  private final DatagramSocket inside = new DatagramSocket(0, InetAddress.getLoopbackAddress());
  private final DatagramSocket outside = new DatagramSocket(0, InetAddress.getLoopbackAddress());
  private final InetSocketAddress listener;
  private final int oneIn;
  private final AtomicInteger fromDialer = new AtomicInteger();
  private volatile boolean cutTowardsDialer;
  private volatile SocketAddress dialer;

  LossyPath(InetSocketAddress listener, int oneIn) throws IOException {
    this.listener = listener;
    this.oneIn = oneIn;
    Thread.startVirtualThread(() -> forward(inside, outside));
    Thread.startVirtualThread(() -> forward(outside, inside));
  }

  InetSocketAddress address() {
    return (InetSocketAddress) inside.getLocalSocketAddress();
  }

  /** How many datagrams the dialer has sent. */
  int fromDialer() {
    return fromDialer.get();
  }

  /** Whether all that is sent to the dialer is lost. */
  void cutTowardsDialer(boolean cut) {
    cutTowardsDialer = cut;
  }

  private void forward(DatagramSocket from, DatagramSocket to) {
    var random = new Random(from == inside ? 1 : 2);
    try {
      while (true) {
        var packet = new DatagramPacket(new byte[2000], 2000);
        from.receive(packet);
        if (from == inside) {
          dialer = packet.getSocketAddress();
          fromDialer.incrementAndGet();
        }
        boolean cut = cutTowardsDialer && from == outside;
        if (!cut && random.nextInt(oneIn) > 0) {
          packet.setSocketAddress(from == inside ? listener : dialer);
          TimeSource.system().after(ONE_WAY, () -> send(to, packet));
        }
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static void send(DatagramSocket to, DatagramPacket packet) {
    try {
      to.send(packet);
    } catch (IOException e) {
      // Closed.
    }
  }

  @Override
  public void close() {
    inside.close();
    outside.close();
  }
}
