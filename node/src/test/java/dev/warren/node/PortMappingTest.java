package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortMappingTest {
  @TempDir private Path directory;

  @Test
  void noRouterIsAskedWhereTheConfigurationSaysSo() throws IOException {
    Path file = directory.resolve("config.toml");
    Files.writeString(
        file,
        """
        listen = ["/ip4/127.0.0.1/tcp/0"]
        lan = false
        port_mapping = false
        """);
    NodeConfig config =
        NodeConfig.in(directory.resolve("data"))
            .withNetworks(List.of(Network.named("warren")))
            .withFile(file);
    assertThat(config.networks()).allMatch(Network::isOfInternet); // where routers are asked

    try (WarrenNode node = WarrenNode.start(config, _ -> List.of())) {
      assertThat(node.connectivity().portMapping()).isEmpty();
    }
  }
}
