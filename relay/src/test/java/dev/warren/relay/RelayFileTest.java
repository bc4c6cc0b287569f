package dev.warren.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelayFileTest {
  @TempDir private Path directory;

  @Test
  void whatAFileDoesNotSayIsByDefault() throws IOException {
    assertThat(read("")).isEqualTo(RelayConfig.in(directory));
  }

  @Test
  void everySettingIsTaken() throws IOException {
    RelayConfig config =
        read(
            """
            listen = ["/ip4/0.0.0.0/tcp/1"]
            announce = ["/ip4/203.0.113.7/tcp/2"]
            networks = ["lan"]
            bootstrap = ["/ip4/203.0.113.8/tcp/3"]
            connections.max = 4
            connections.max_per_ip = 5
            reservations.max = 6
            reservations.max_per_ip = 7
            reservations.life_seconds = 80
            circuits.max = 9
            circuits.max_per_peer = 10
            circuits.max_per_ip = 11
            circuits.seconds = 12
            circuits.bytes = 13
            budget.bytes_per_second = 14
            budget.bytes_per_day = 15
            budget.bytes_per_month = 16
            budget.bytes_per_day_per_ip = 17
            access.allow = ["192.0.2.0/24"]
            access.block = ["12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA"]
            status.listen = "127.0.0.1:18"
            drain.seconds = 19
            """);

    assertThat(config.addresses().listen()).containsExactly(Multiaddr.parse("/ip4/0.0.0.0/tcp/1"));
    assertThat(config.addresses().announce())
        .containsExactly(Multiaddr.parse("/ip4/203.0.113.7/tcp/2"));
    assertThat(config.networks()).extracting(Network::name).containsExactly("lan");
    assertThat(config.networks().getFirst().bootstrap())
        .containsExactly(Multiaddr.parse("/ip4/203.0.113.8/tcp/3"));
    assertThat(config.service().maxConnections()).isEqualTo(4);
    assertThat(config.service().maxConnectionsPerIp()).isEqualTo(5);
    assertThat(config.service().relay().maxReservations()).isEqualTo(6);
    assertThat(config.service().relay().maxReservationsPerIp()).isEqualTo(7);
    assertThat(config.service().relay().reservationLife()).isEqualTo(Duration.ofSeconds(80));
    assertThat(config.service().relay().maxCircuits()).isEqualTo(9);
    assertThat(config.service().relay().maxCircuitsPerPeer()).isEqualTo(10);
    assertThat(config.service().relay().maxCircuitsPerIp()).isEqualTo(11);
    assertThat(config.service().relay().circuit().duration()).isEqualTo(Duration.ofSeconds(12));
    assertThat(config.service().relay().circuit().bytes()).isEqualTo(13);
    assertThat(config.service().budget()).isEqualTo(new Budget(14, 15, 16, 17));
    assertThat(config.service().access().allowed().ranges())
        .containsExactly(IpRange.parse("192.0.2.0/24"));
    assertThat(config.service().access().blocked().peers()).hasSize(1);
    assertThat(config.addresses().status().orElseThrow().getPort()).isEqualTo(18);
    assertThat(config.service().drain()).isEqualTo(Duration.ofSeconds(19));
  }

  @Test
  void theStatusCanBeLeftOut() throws IOException {
    assertThat(read("status.listen = \"off\"").addresses().status()).isEqualTo(Optional.empty());
  }

  @Test
  void theStatusCanBeOnIpv6() throws IOException {
    assertThat(
            read("status.listen = \"[::1]:4002\"").addresses().status().orElseThrow().getAddress())
        .isEqualTo(InetAddress.ofLiteral("::1"));
  }

  @Test
  void aNetworkIsAFileBesideThisOne() throws IOException {
    Files.writeString(directory.resolve("friends.toml"), "protocol = \"/friends/kad/1\"");

    assertThat(read("networks = [\"friends.toml\"]").networks())
        .extracting(Network::name)
        .containsExactly("friends");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "circuits.maximum = 1 | there is no setting 'circuits.maximum'",
        "circuits.max = 0 | 'circuits.max' has to be between 1 and 2147483647",
        "circuits.bytes = -1 | 'circuits.bytes' has to be between 0 and",
        "reservations.life_seconds = 59 | has to be between 60 and",
        "listen = [\"tcp\"] | 'tcp' is no address",
        "networks = [\"nowhere\"] | there is no network 'nowhere'",
        "access.block = [\"192.0.2.0/33\"] | '192.0.2.0/33' is neither a peer id nor",
        "access.allow = [\"somebody\"] | 'somebody' is neither a peer id nor",
        "status.listen = \"4002\" | '4002' is no address with a port",
        "status.listen = \"localhost:4002\" | 'localhost:4002' is no address with a port",
      })
  void aMistakeIsNamedWithItsLine(String line, String sentence) {
    assertThatThrownBy(() -> read("\n" + line))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("relay.toml, line 2: ")
        .hasMessageContaining(sentence);
  }

  private RelayConfig read(String text) throws IOException {
    Path file = Files.writeString(directory.resolve("relay.toml"), text);
    return RelayConfig.in(directory).withFile(file);
  }
}
