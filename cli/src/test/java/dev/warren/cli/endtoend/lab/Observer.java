package dev.warren.cli.endtoend.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A computer of the internet that tells whoever asks by which address it sees them. */
final class Observer implements AutoCloseable {
  /** What every router lets out, if it lets anything out. */
  static final int TCP_PORT = 443;

  static final int UDP_PORT = 4000;
  private static final int MAX_DATAGRAM_BYTES = 128;

  private final Internet.Attachment place;
  private final ServerSocket tcp;
  private final DatagramSocket udp;
  private final DatagramSocket otherUdp;

  Observer(Internet.Attachment place) {
    this.place = place;
    tcp = place.namespace().call(() -> new ServerSocket(TCP_PORT));
    udp = place.namespace().call(() -> new DatagramSocket(UDP_PORT));
    otherUdp = place.namespace().call(() -> new DatagramSocket(UDP_PORT + 1));
    Thread.startVirtualThread(() -> answer(udp));
    Thread.startVirtualThread(() -> answer(otherUdp));
    Thread.startVirtualThread(this::answerConnections);
  }

  private static void answer(DatagramSocket socket) {
    var packet = new DatagramPacket(new byte[MAX_DATAGRAM_BYTES], MAX_DATAGRAM_BYTES);
    try {
      while (true) {
        socket.receive(packet);
        send(socket, (InetSocketAddress) packet.getSocketAddress());
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  private static void send(DatagramSocket socket, InetSocketAddress to) throws IOException {
    byte[] text = text(to).getBytes(StandardCharsets.UTF_8);
    socket.send(new DatagramPacket(text, text.length, to));
  }

  private static String text(InetSocketAddress address) {
    return address.getAddress().getHostAddress() + " " + address.getPort();
  }

  private void answerConnections() {
    try {
      while (true) {
        Socket socket = tcp.accept();
        var seen = (InetSocketAddress) socket.getRemoteSocketAddress();
        // Not closed: whoever asks does that.
        socket.getOutputStream().write((text(seen) + "\n").getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      // It was closed.
    }
  }

  /** Reads what an observer answers. */
  static InetSocketAddress parse(String text) {
    String[] parts = text.split(" ", -1);
    return new InetSocketAddress(parts[0], Integer.parseInt(parts[1]));
  }

  static InetSocketAddress ask(Socket connected) throws IOException {
    var in = new InputStreamReader(connected.getInputStream(), StandardCharsets.UTF_8);
    return parse(new BufferedReader(in).readLine());
  }

  InetSocketAddress tcp(boolean ipv6) {
    return new InetSocketAddress(address(ipv6), TCP_PORT);
  }

  InetSocketAddress udp(boolean ipv6) {
    return new InetSocketAddress(address(ipv6), UDP_PORT);
  }

  /** Another port of the same computer. */
  InetSocketAddress otherUdp(boolean ipv6) {
    return new InetSocketAddress(address(ipv6), UDP_PORT + 1);
  }

  private String address(boolean ipv6) {
    return ipv6 ? place.address6() : place.address();
  }

  /** Sends a datagram from the other port. */
  void sendFromOther(InetSocketAddress to) {
    try {
      send(otherUdp, to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A connection from a port of which nobody knows. */
  Socket connect(InetSocketAddress to, int timeoutMillis) throws IOException {
    Socket socket = place.namespace().call(Observer::unconnected);
    try {
      socket.connect(to, timeoutMillis);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static Socket unconnected() throws IOException {
    var socket = new Socket();
    socket.bind(new InetSocketAddress(0));
    return socket;
  }

  @Override
  public void close() throws IOException {
    tcp.close();
    udp.close();
    otherUdp.close();
  }
}
