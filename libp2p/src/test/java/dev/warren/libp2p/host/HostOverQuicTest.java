package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.transport.ManualTime;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HostOverQuicTest extends HostContract {

  @Override
  HostBuilder builder() {
    return Host.builder().quic();
  }

  @Override
  String listenAddress() {
    return "/ip4/127.0.0.1/udp/0/quic-v1";
  }

  @Test
  void aDialLeavesFromThePortThatIsListenedOn() throws Exception {
    Host server = start(builder());
    Host client = start(builder());
    Connection dialed = client.dial(address(server));
    Multiaddr listening = client.addresses().getFirst();
    Eventually.check(() -> dialed.observedAddress().isPresent()); // so the server has it too
    assertThat(server.connections(client.peerId()).getFirst().remoteAddress()).isEqualTo(listening);
    assertThat(dialed.observedAddress()).as("what the peer says").contains(listening);
  }

  @Test
  void everywhereIsTcpAndQuicOnOnePortForBothFamilies() throws Exception {
    Host server = start(builder());
    try (Host client = builder().start()) {
      client.listenEverywhereOverQuic(client.listenEverywhere(0));

      Connection dialed = client.dial(address(server));

      int port = dialed.localAddress().port().orElseThrow();
      assertThat(client.addresses())
          .contains(
              Multiaddr.parse("/ip4/127.0.0.1/tcp/" + port),
              Multiaddr.parse("/ip4/127.0.0.1/udp/" + port + "/quic-v1"));
      Eventually.check(() -> !server.connections(client.peerId()).isEmpty());
      Connection seen = server.connections(client.peerId()).getFirst();
      assertThat(seen.remoteAddress()).hasToString("/ip4/127.0.0.1/udp/" + port + "/quic-v1");
    }
  }

  @Test
  void aPortWhoseUdpIsTakenIsForTcpAlone() throws Exception {
    try (Host first = builder().listen("/ip6/::/udp/0/quic-v1").start();
        Host second = builder().start()) {
      int taken = first.addresses().getFirst().port().orElseThrow();

      second.listenEverywhere(taken);
      second.listenEverywhereOverQuic(taken);

      assertThat(second.addresses())
          .contains(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + taken))
          .doesNotContain(Multiaddr.parse("/ip4/127.0.0.1/udp/" + taken + "/quic-v1"))
          .anyMatch(address -> address.has(Protocol.QUIC_V1));
    }
  }

  @Test
  void aConnectionAsideReplacesNoOtherAndIsClosedSoon() throws Exception {
    var time = new ManualTime();
    Host server = start(builder().listen("/ip4/127.0.0.1/tcp/0"));
    Host client = start(builder().time(time));
    Connection used = client.dial(over(Protocol.TCP, server));

    Connection aside = aside(client, server);

    assertThat(client.connections(server.peerId())).containsExactly(used, aside);
    Eventually.check(() -> aside.observedAddress().isPresent());
    Eventually.check(() -> isOverIn(aside, time));
    Eventually.check(() -> client.connections(server.peerId()).equals(List.of(used)));
    assertThat(used.isOpen()).isTrue();
  }

  @Test
  void aConnectionAsideIsUsedWhereThereIsNoOtherAnyMore() throws Exception {
    var time = new ManualTime();
    Host server = start(builder().listen("/ip4/127.0.0.1/tcp/0"));
    Host client = start(builder().time(time));
    Connection used = client.dial(over(Protocol.TCP, server));
    Connection aside = aside(client, server);

    used.close();
    Eventually.check(() -> client.connections(server.peerId()).equals(List.of(aside)));
    time.advance(Duration.ofSeconds(5));

    assertThat(client.dial(server.peerId())).isEqualTo(aside);
    assertThat(aside.isOpen()).isTrue();
  }

  private static Connection aside(Host client, Host server) throws IOException {
    return client.dialAside(server.peerId(), over(Protocol.QUIC_V1, server), Duration.ofSeconds(5));
  }

  private static boolean isOverIn(Connection connection, ManualTime time) {
    try {
      time.advance(Duration.ofSeconds(1));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    return !connection.isOpen();
  }

  private static Multiaddr over(Protocol transport, Host host) {
    return host.addressesWithPeer().stream()
        .filter(it -> it.has(transport))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whereUdpLeadsNowhereTcpIsTaken() throws Exception {
    Host server = start(builder().listen("/ip4/127.0.0.1/tcp/0"));
    Multiaddr tcp =
        server.addresses().stream().filter(it -> it.has(Protocol.TCP)).findFirst().orElseThrow();
    try (var silent = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Host client = builder().names(onceHeardBy(silent)).start()) {
      Multiaddr nowhere =
          Multiaddr.parse("/ip4/127.0.0.1/udp/" + silent.getLocalPort() + "/quic-v1");
      Multiaddr later = Multiaddr.parse("/dns4/later.test/tcp/" + tcp.port().orElseThrow());

      Connection connection = client.dial(server.peerId(), List.of(nowhere, later));

      assertThat(connection.remoteAddress()).isEqualTo(tcp);
    }
  }

  /** Knows the loopback address of any name, when something has come in at the socket. */
  private static NameResolver onceHeardBy(DatagramSocket socket) {
    return new NameResolver() {
      @Override
      public List<InetAddress> addresses(String name) throws IOException {
        socket.receive(new DatagramPacket(new byte[1], 1));
        return List.of(InetAddress.ofLiteral("127.0.0.1"));
      }

      @Override
      public List<String> texts(String name) {
        return List.of();
      }
    };
  }

  @Test
  void hostsConnectOverIpv6() throws Exception {
    Host server =
        Host.builder()
            .quic()
            .listen("/ip6/::1/udp/0/quic-v1")
            .handle(ECHO, HostContract::echo)
            .start();
    Host client = Host.builder().quic().start();
    try (server;
        client) {
      assertThat(echoed(client.dial(address(server)), 100_000)).isEqualTo(100_000);
    }
  }
}
