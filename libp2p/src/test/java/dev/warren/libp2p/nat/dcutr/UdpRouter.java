package dev.warren.libp2p.nat.dcutr;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * The router in front of somebody who listens for QUIC: lets nothing in before something went out.
 */
final class UdpRouter implements Closeable {
  private final InetSocketAddress listener;
  private final DatagramSocket outside = socket();
  private final DatagramSocket inside = socket();
  private final DatagramSocket caller = socket();
  private volatile boolean open;
  private volatile SocketAddress from = outside.getLocalSocketAddress();

  UdpRouter(Multiaddr listener) throws IOException {
    this.listener = here(listener.port().orElseThrow());
    carry(
        outside,
        datagram -> {
          from = datagram.getSocketAddress();
          if (open) {
            send(inside, datagram, this.listener);
          }
        });
    carry(inside, datagram -> send(outside, datagram, from));
    carry(caller, _ -> open = true);
  }

  /** Where the listener is for others. */
  Multiaddr address() {
    return address(outside);
  }

  /** Where the caller says that it is. */
  Multiaddr callersAddress() {
    return address(caller);
  }

  private static Multiaddr address(DatagramSocket socket) {
    return Multiaddr.ofUdp(here(socket.getLocalPort())).with(Protocol.QUIC_V1);
  }

  private static InetSocketAddress here(int port) {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
  }

  private static DatagramSocket socket() throws IOException {
    return new DatagramSocket(here(0));
  }

  @FunctionalInterface
  private interface Carrier {
    void take(DatagramPacket datagram) throws IOException;
  }

  private static void carry(DatagramSocket socket, Carrier carrier) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                while (true) {
                  var datagram = new DatagramPacket(new byte[2048], 2048);
                  socket.receive(datagram);
                  carrier.take(datagram);
                }
              } catch (IOException _) {
                // closed
              }
            });
  }

  private static void send(DatagramSocket by, DatagramPacket datagram, SocketAddress to)
      throws IOException {
    by.send(new DatagramPacket(datagram.getData(), datagram.getLength(), to));
  }

  @Override
  public void close() {
    outside.close();
    inside.close();
    caller.close();
  }
}
