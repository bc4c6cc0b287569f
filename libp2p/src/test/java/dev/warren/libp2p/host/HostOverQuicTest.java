package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
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
  void ofTwoWaysQuicIsTaken() throws Exception {
    Host server = start(builder().listen("/ip4/127.0.0.1/tcp/0"));
    Host client = start(builder());
    List<Multiaddr> tcpFirst = List.copyOf(server.addresses()).reversed();
    Connection connection = client.dial(server.peerId(), tcpFirst);
    assertThat(connection.remoteAddress().has(Protocol.QUIC_V1)).isTrue();
  }

  @Test
  void whereUdpLeadsNowhereTcpIsTaken() throws Exception {
    Host server = start(builder().listen("/ip4/127.0.0.1/tcp/0"));
    Host client = start(builder());
    Multiaddr tcp =
        server.addresses().stream().filter(it -> it.has(Protocol.TCP)).findFirst().orElseThrow();
    Multiaddr nowhere = Multiaddr.parse("/ip4/127.0.0.1/udp/1/quic-v1");
    Connection connection = client.dial(server.peerId(), List.of(nowhere, tcp));
    assertThat(connection.remoteAddress()).isEqualTo(tcp);
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
