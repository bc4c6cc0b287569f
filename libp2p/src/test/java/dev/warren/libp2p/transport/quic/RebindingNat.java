package dev.warren.libp2p.transport.quic;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** Stands between a dialer and a listener, which sees the dialer at one port and then another. */
final class RebindingNat implements AutoCloseable {
  private final InetSocketAddress listener;
  private final DatagramSocket inside = new DatagramSocket(0, InetAddress.getLoopbackAddress());
  private volatile DatagramSocket outside;
  private volatile SocketAddress dialer;

  RebindingNat(InetSocketAddress listener) throws IOException {
    this.listener = listener;
    outside = newOutside();
    forward(inside, this::out);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) inside.getLocalSocketAddress();
  }

  void rebind() throws IOException {
    DatagramSocket old = outside;
    outside = newOutside();
    old.close();
  }

  private DatagramSocket newOutside() throws IOException {
    var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    forward(
        socket,
        packet -> inside.send(new DatagramPacket(packet.getData(), packet.getLength(), dialer)));
    return socket;
  }

  private void out(DatagramPacket packet) throws IOException {
    dialer = packet.getSocketAddress();
    outside.send(new DatagramPacket(packet.getData(), packet.getLength(), listener));
  }

  @FunctionalInterface
  private interface Route {
    void send(DatagramPacket packet) throws IOException;
  }

  private static void forward(DatagramSocket from, Route route) {
    Thread.startVirtualThread(
        () -> {
          while (!from.isClosed()) {
            try {
              var packet = new DatagramPacket(new byte[2000], 2000);
              from.receive(packet);
              route.send(packet);
            } catch (IOException _) {
              // lost, as datagrams may be
            }
          }
        });
  }

  @Override
  public void close() {
    inside.close();
    outside.close();
  }
}
