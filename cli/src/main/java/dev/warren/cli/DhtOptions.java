package dev.warren.cli;

import dev.warren.node.Network;
import dev.warren.node.NodeConfig;
import dev.warren.node.store.DataDirectory;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;

/** The options of commands about a network: as which node, and in which network. */
final class DhtOptions {
  @Mixin private final NodeOptions node = new NodeOptions();

  @Mixin private final NetworkOptions networks = new NetworkOptions();

  NodeOptions node() {
    return node;
  }

  /** The one that the user names, or that the data directory's configuration does. */
  Network network(Session session) throws IOException, CommandFailure {
    DataDirectory data = node.data(session);
    List<Network> configured =
        NodeConfig.in(data.path())
            .withNetworks(List.of(Network.named(NetworkOptions.DEFAULT)))
            .withFile(data.configFile())
            .networks();
    List<Network> chosen = networks.over(configured);
    if (chosen.size() != 1) {
      throw CommandFailure.usage(
          "This is about one network, and not about %d.".formatted(chosen.size()),
          "Name one with --network.");
    }
    return chosen.getFirst();
  }
}
