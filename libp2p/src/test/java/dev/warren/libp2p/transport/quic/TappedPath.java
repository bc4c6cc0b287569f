package dev.warren.libp2p.transport.quic;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Stands between one dialer and a listener, and passes on what a test lets through. */
public final class TappedPath implements AutoCloseable {
  private final DatagramSocket inside = new DatagramSocket(0, InetAddress.getLoopbackAddress());
  private final DatagramSocket outside = new DatagramSocket(0, InetAddress.getLoopbackAddress());
  private volatile SocketAddress dialer;

  /**
   * @param fromDialer what of the dialer is passed on
   * @param fromListener what of the listener is
   */
  public TappedPath(
      Multiaddr listener, Predicate<byte[]> fromDialer, Predicate<byte[]> fromListener)
      throws IOException {
    var address = new InetSocketAddress(listener.ip().orElseThrow(), listener.port().orElseThrow());
    Thread.startVirtualThread(() -> forward(inside, outside, () -> address, fromDialer));
    Thread.startVirtualThread(() -> forward(outside, inside, () -> dialer, fromListener));
  }

  /** The address to dial. */
  public Multiaddr address() {
    return QuicTransport.multiaddr((InetSocketAddress) inside.getLocalSocketAddress());
  }

  private void forward(
      DatagramSocket from,
      DatagramSocket to,
      Supplier<SocketAddress> receiver,
      Predicate<byte[]> passes) {
    try {
      while (true) {
        var packet = new DatagramPacket(new byte[2000], 2000);
        from.receive(packet);
        if (from == inside) {
          dialer = packet.getSocketAddress();
        }
        byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
        if (passes.test(bytes)) {
          packet.setSocketAddress(receiver.get());
          to.send(packet);
        }
      }
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
