package dev.warren.cli.endtoend.lab;

import dev.warren.cli.endtoend.ChaosException;
import dev.warren.cli.endtoend.lab.Router.Filtering;
import dev.warren.cli.endtoend.lab.Router.Mapping;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Finds out how a home behaves, from its computer and from three of the internet (RFC 5780, 4.3 and
 * 4.4), so that the routers are known to be what they are called.
 */
final class Probe {
  /** Nothing is further away than some veths, but the machine may be busy. */
  private static final int PATIENCE_MILLIS = 500;

  private static final int TRIES = 4;
  private static final int CONNECT_MILLIS = 1500;

  private static final int MAX_DATAGRAM_BYTES = 128;

  private final Home home;
  private final boolean ipv6;
  private final Observer first;
  private final Observer second;

  /** From which nobody in the home has ever heard. */
  private final Observer stranger;

  Probe(Home home, Observer first, Observer second, Observer stranger) {
    this.home = home;
    ipv6 = home.kind().isIpv6();
    this.first = first;
    this.second = second;
    this.stranger = stranger;
  }

  /** Empty if no datagram comes out, or none back. */
  Optional<Behaviour> udp() throws IOException {
    try (DatagramSocket socket = datagramSocket()) {
      Optional<InetSocketAddress> seen = ask(socket, first.udp(ipv6));
      if (seen.isEmpty()) {
        return Optional.empty();
      }
      Set<InetSocketAddress> all = new HashSet<>(Set.of(seen.get()));
      ask(socket, second.udp(ipv6)).ifPresent(all::add);
      ask(socket, first.otherUdp(ipv6)).ifPresent(all::add);
      return Optional.of(new Behaviour(mapping(all, socket.getLocalPort()), udpFiltering()));
    }
  }

  private Filtering udpFiltering() throws IOException {
    try (DatagramSocket socket = datagramSocket()) {
      InetSocketAddress seen = ask(socket, first.udp(ipv6)).orElseThrow();
      if (receives(socket, seen, stranger)) {
        return Filtering.ENDPOINT_INDEPENDENT;
      }
      return receives(socket, seen, first)
          ? Filtering.ADDRESS_DEPENDENT
          : Filtering.ADDRESS_AND_PORT_DEPENDENT;
    }
  }

  private boolean receives(DatagramSocket socket, InetSocketAddress seen, Observer from)
      throws IOException {
    for (int i = 0; i < TRIES; i++) {
      from.sendFromOther(seen);
      if (receive(socket, from.otherUdp(ipv6)).isPresent()) {
        return true;
      }
    }
    return false;
  }

  private DatagramSocket datagramSocket() {
    return home.computer()
        .call(
            () -> {
              var socket = new DatagramSocket();
              socket.setSoTimeout(PATIENCE_MILLIS);
              return socket;
            });
  }

  private static Optional<InetSocketAddress> ask(DatagramSocket socket, InetSocketAddress whom)
      throws IOException {
    Optional<InetSocketAddress> seen = Optional.empty();
    for (int i = 0; i < TRIES && seen.isEmpty(); i++) {
      socket.send(new DatagramPacket(new byte[1], 1, whom));
      seen = receive(socket, whom);
    }
    return seen;
  }

  /** What this one says; another one may say late what it was asked before. */
  private static Optional<InetSocketAddress> receive(DatagramSocket socket, InetSocketAddress from)
      throws IOException {
    var packet = new DatagramPacket(new byte[MAX_DATAGRAM_BYTES], MAX_DATAGRAM_BYTES);
    try {
      do {
        socket.receive(packet);
      } while (!packet.getSocketAddress().equals(from));
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    }
    return Optional.of(
        Observer.parse(
            new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8)));
  }

  /** Empty if no connection can be made to the outside. */
  Optional<Behaviour> tcp() throws IOException {
    try (ServerSocket listening = listening();
        Socket one = socket(listening.getLocalPort());
        Socket another = socket(listening.getLocalPort())) {
      Set<InetSocketAddress> all = new HashSet<>();
      try {
        one.connect(first.tcp(ipv6), CONNECT_MILLIS);
      } catch (SocketTimeoutException e) {
        return Optional.empty();
      }
      InetSocketAddress seen = Observer.ask(one);
      all.add(seen);
      another.connect(second.tcp(ipv6), CONNECT_MILLIS);
      all.add(Observer.ask(another));
      return Optional.of(new Behaviour(mapping(all, listening.getLocalPort()), tcpFiltering(seen)));
    }
  }

  private Filtering tcpFiltering(InetSocketAddress seen) throws IOException {
    if (connects(stranger, seen)) {
      return Filtering.ENDPOINT_INDEPENDENT;
    }
    return connects(first, seen)
        ? Filtering.ADDRESS_DEPENDENT
        : Filtering.ADDRESS_AND_PORT_DEPENDENT;
  }

  private boolean connects(Observer observer, InetSocketAddress to) throws IOException {
    try (Socket _ = observer.connect(to, CONNECT_MILLIS)) {
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (ConnectException e) {
      throw new ChaosException(
          "the router of %s answers strangers".formatted(home.kind().label()), e);
    }
  }

  private ServerSocket listening() {
    return home.computer()
        .call(
            () -> {
              var socket = new ServerSocket();
              socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
              socket.bind(new InetSocketAddress(0));
              return socket;
            });
  }

  private Socket socket(int localPort) {
    return home.computer()
        .call(
            () -> {
              var socket = new Socket();
              socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
              socket.bind(new InetSocketAddress(localPort));
              return socket;
            });
  }

  private Mapping mapping(Set<InetSocketAddress> seen, int localPort) {
    if (seen.size() > 1) {
      return Mapping.ADDRESS_AND_PORT_DEPENDENT;
    }
    return seen.contains(new InetSocketAddress(home.inside(), localPort))
        ? Mapping.NONE
        : Mapping.ENDPOINT_INDEPENDENT;
  }
}
