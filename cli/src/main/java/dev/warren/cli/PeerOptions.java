package dev.warren.cli;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.Network;
import dev.warren.node.NodeConfig;
import dev.warren.node.store.DataDirectory;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of commands that share or receive: whose node, and how it is reached. */
final class PeerOptions {
  @Mixin private final DataDirectoryOption directory = new DataDirectoryOption();

  @Option(
      names = "--listen",
      paramLabel = "MULTIADDR",
      description =
          "Accept connections at this address, such as /ip4/0.0.0.0/tcp/4001. May be given several"
              + " times. Default: the port of the last time, on every interface.")
  private List<Multiaddr> listen = List.of();

  @Option(
      names = "--no-lan",
      description = "Neither announce this node on the local network nor look for others there.")
  private boolean noLan;

  @Mixin private final NetworkOptions networks = new NetworkOptions();

  /** What the configuration of the data directory says, and over it what the options do. */
  NodeConfig config(Session session) throws IOException, CommandFailure {
    DataDirectory data = directory.in(session);
    NodeLog.openOrGoWithout(session, data);
    NodeConfig config =
        NodeConfig.in(data.path())
            .withAgent("warren/" + Version.number())
            .withNetworks(List.of(Network.named(NetworkOptions.DEFAULT)))
            .withFile(data.configFile());
    if (!listen.isEmpty()) {
      config = config.withListen(listen);
    }
    if (noLan) {
      config = config.withLan(false);
    }
    return config.withNetworks(networks.over(config.networks()));
  }
}
