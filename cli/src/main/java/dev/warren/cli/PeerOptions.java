package dev.warren.cli;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.NodeConfig;
import dev.warren.node.store.DataDirectory;
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

  NodeConfig config(Session session) {
    DataDirectory data = directory.in(session);
    NodeLog.openOrGoWithout(session, data);
    return NodeConfig.in(data.path())
        .withListen(listen)
        .withLan(!noLan)
        .withAgent("warren/" + Version.number());
  }
}
