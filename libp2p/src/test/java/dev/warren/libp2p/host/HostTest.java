package dev.warren.libp2p.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Hosts over TCP, Noise and yamux. */
class HostTest extends HostContract {

  @Override
  HostBuilder builder() {
    return Host.builder();
  }

  @Override
  String listenAddress() {
    return "/ip4/127.0.0.1/tcp/0";
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void hostsWithAndWithoutEarlyMuxerUnderstandEachOther(boolean dialer, boolean listener)
      throws Exception {
    Host server = start(Host.builder().earlyMuxer(listener).handle(ECHO, HostContract::echo));
    Host client = start(Host.builder().earlyMuxer(dialer));
    Connection connection = client.dial(address(server));
    assertThat(echoed(connection, 100_000)).isEqualTo(100_000);
    boolean early = dialer && listener;
    assertThat(connection.earlyMuxer()).isEqualTo(early);
    assertThat(server.connections(client.peerId()).getFirst().earlyMuxer()).isEqualTo(early);
  }

  @Test
  void everyAddressTriedIsReportedWithItsReason() throws Exception {
    Host client = start(Host.builder());
    PeerId nobody = PrivateKey.generate(KeyType.ED25519).peerId();
    assertThatThrownBy(
            () ->
                client.dial(
                    nobody,
                    List.of(
                        Multiaddr.parse("/ip4/127.0.0.1/tcp/1"),
                        Multiaddr.parse("/ip4/127.0.0.1/udp/1/quic-v1"))))
        .isInstanceOf(DialException.class)
        .hasMessageContaining("/ip4/127.0.0.1/tcp/1: Connection refused")
        .hasMessageContaining("/ip4/127.0.0.1/udp/1/quic-v1: this host has no transport for it");
    assertThatThrownBy(() -> client.dial(PrivateKey.generate(KeyType.ED25519).peerId()))
        .hasMessageContaining("no address is known");
  }
}
