package dev.warren.libp2p.nat.portmap;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks in the local network for a router that speaks UPnP. */
final class UpnpSearch {
  static final InetSocketAddress EVERYBODY =
      new InetSocketAddress(InetAddress.ofLiteral("239.255.255.250"), 1900);

  private static final Logger log = LoggerFactory.getLogger(UpnpSearch.class);

  private static final List<String> TARGETS =
      List.of(
          "urn:schemas-upnp-org:device:InternetGatewayDevice:2",
          "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
          "urn:schemas-upnp-org:service:WANPPPConnection:1");

  private static final int ROUNDS = 2;
  private static final int MAX_DATAGRAM = 2048;

  /** Of devices that are asked to describe themselves. */
  private static final int MAX_DEVICES = 8;

  private final InetSocketAddress group;
  private final Duration patience;
  private final LanHttp http;

  /**
   * @param group whom to ask
   * @param patience for how long answers to one of two rounds of questions are awaited; a device
   *     may take a second
   */
  UpnpSearch(InetSocketAddress group, Duration patience, LanHttp http) {
    this.group = group;
    this.patience = patience;
    this.http = http;
  }

  /** Blocks until one is found, or none has answered in time. */
  Optional<Gateway> find(InetAddress localAddress) throws IOException {
    Set<URI> seen = new HashSet<>();
    try (var socket = new DatagramSocket(new InetSocketAddress(localAddress, 0))) {
      for (int round = 0; round < ROUNDS; round++) {
        for (String target : TARGETS) {
          byte[] question = SsdpMessages.search(target);
          socket.send(new DatagramPacket(question, question.length, group));
        }
        Optional<Gateway> found = listen(socket, seen);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Gateway> listen(DatagramSocket socket, Set<URI> seen) throws IOException {
    long end = System.nanoTime() + patience.toNanos();
    var datagram = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
    long left;
    while ((left = (end - System.nanoTime()) / 1_000_000) > 0 && seen.size() < MAX_DEVICES) {
      socket.setSoTimeout((int) left);
      datagram.setLength(MAX_DATAGRAM);
      try {
        socket.receive(datagram);
      } catch (SocketTimeoutException _) {
        break;
      }
      InetAddress sender = datagram.getAddress();
      Optional<URI> location =
          SsdpMessages.readLocation(
              Arrays.copyOf(datagram.getData(), datagram.getLength()), sender);
      if (location.isPresent() && seen.add(location.get())) {
        Optional<Gateway> gateway = gateway(location.get(), sender, socket.getLocalAddress());
        if (gateway.isPresent()) {
          return gateway;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Gateway> gateway(URI location, InetAddress router, InetAddress local) {
    try {
      LanHttp.Answer description = http.get(location);
      if (!description.isGood()) {
        throw new IOException("status " + description.status());
      }
      return UpnpService.find(description.root(), location, router)
          .map(service -> new UpnpGateway(http, service, local));
    } catch (IOException | RuntimeException e) { // whatever anybody in the network makes of it
      log.debug("{} does not describe itself: {}", location, e.toString());
      return Optional.empty();
    }
  }
}
