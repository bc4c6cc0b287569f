package dev.warren.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;

/** For TCP. */
final class StreamDelayRelay implements DelayRelay {
  private final ServerSocketChannel listener;
  private final int targetPort;
  private final long oneWayNanos;

  private StreamDelayRelay(ServerSocketChannel listener, int targetPort, Duration oneWay) {
    this.listener = listener;
    this.targetPort = targetPort;
    this.oneWayNanos = oneWay.toNanos();
  }

  /** Starts to carry connections to a port of this machine. */
  static StreamDelayRelay start(int targetPort, Duration oneWay) throws IOException {
    ServerSocketChannel listener = ServerSocketChannel.open().bind(local(0));
    var relay = new StreamDelayRelay(listener, targetPort, oneWay);
    Thread.ofPlatform().daemon().name("relay-accept").start(relay::accept);
    return relay;
  }

  @Override
  public int port() throws IOException {
    return ((InetSocketAddress) listener.getLocalAddress()).getPort();
  }

  /** Accepts no more; connections go on until one of their ends closes them. */
  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel dialer = listener.accept();
        var connection = new DelayedConnection(dialer, oneWayNanos);
        Thread.ofPlatform().daemon().name("relay").start(() -> connection.run(local(targetPort)));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private static InetSocketAddress local(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
