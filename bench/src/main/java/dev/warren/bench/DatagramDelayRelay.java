package dev.warren.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;

/** For UDP. The listener sees each dialer at a port of its own. */
final class DatagramDelayRelay implements DelayRelay {
  private static final int MAX_DATAGRAM_BYTES = 1 << 16;
  private static final int MAX_DATAGRAMS = 4096;

  /** What is under way, in the order in which it is due: all of it takes as long. */
  private final BlockingQueue<Delayed> underWay = new ArrayBlockingQueue<>(MAX_DATAGRAMS);

  private final Map<SocketAddress, DatagramChannel> dialers = new ConcurrentHashMap<>();
  private final DatagramChannel front;
  private final InetSocketAddress target;
  private final long oneWayNanos;

  private record Delayed(ByteBuffer bytes, DatagramChannel from, SocketAddress to, long dueNanos) {}

  private DatagramDelayRelay(DatagramChannel front, InetSocketAddress target, long oneWayNanos) {
    this.front = front;
    this.target = target;
    this.oneWayNanos = oneWayNanos;
  }

  static DatagramDelayRelay start(int targetPort, Duration oneWay) throws IOException {
    var relay = new DatagramDelayRelay(open(), local(targetPort), oneWay.toNanos());
    Thread.ofPlatform().daemon().name("relay-front").start(relay::takeFromDialers);
    Thread.ofPlatform().daemon().name("relay-send").start(relay::send);
    return relay;
  }

  @Override
  public int port() throws IOException {
    return ((InetSocketAddress) front.getLocalAddress()).getPort();
  }

  /** What is under way still arrives; what is sent from now on does not. */
  @Override
  public void close() throws IOException {
    front.close();
    for (DatagramChannel back : List.copyOf(dialers.values())) {
      back.close();
    }
  }

  private void takeFromDialers() {
    take(front, (dialer, bytes) -> delay(bytes, towardsListener(dialer), target));
  }

  private DatagramChannel towardsListener(SocketAddress dialer) throws IOException {
    DatagramChannel known = dialers.get(dialer);
    if (known != null) {
      return known;
    }
    DatagramChannel back = open();
    dialers.put(dialer, back);
    Thread.ofPlatform()
        .daemon()
        .name("relay-back")
        .start(() -> take(back, (_, bytes) -> delay(bytes, front, dialer)));
    return back;
  }

  private interface Taker {
    void take(SocketAddress sender, byte[] bytes) throws IOException, InterruptedException;
  }

  private static void take(DatagramChannel from, Taker taker) {
    var buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM_BYTES);
    try {
      while (true) {
        SocketAddress sender = from.receive(buffer.clear());
        var bytes = new byte[buffer.flip().remaining()];
        buffer.get(bytes);
        taker.take(sender, bytes);
      }
    } catch (IOException e) {
      // Closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void delay(byte[] bytes, DatagramChannel from, SocketAddress to)
      throws InterruptedException {
    underWay.put(new Delayed(ByteBuffer.wrap(bytes), from, to, System.nanoTime() + oneWayNanos));
  }

  private void send() {
    try {
      while (front.isOpen()) {
        Delayed next = underWay.take();
        DelayedConnection.awaitTime(next.dueNanos);
        next.from.send(next.bytes, next.to);
      }
    } catch (IOException e) {
      // Closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static DatagramChannel open() throws IOException {
    return DatagramChannel.open().bind(local(0));
  }

  private static InetSocketAddress local(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
