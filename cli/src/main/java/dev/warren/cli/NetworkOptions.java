package dev.warren.cli;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.Network;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** In which networks a node finds others and is found. */
final class NetworkOptions {
  static final String DEFAULT = "ipfs";

  private static final String NONE = "off";

  @Option(
      names = "--network",
      paramLabel = "NAME",
      split = ",",
      description =
          "Where codes are found from anywhere: ipfs, the public network; warren, one of Warren"
              + " nodes alone; lan, one of a local network; a TOML file as those in"
              + " bootstrap-configs; or off. Default: "
              + DEFAULT
              + ".")
  private List<String> names = List.of();

  @Option(
      names = "--bootstrap",
      paramLabel = "MULTIADDR",
      description =
          "Join the network by way of the node at this address. May be given several times.")
  private List<Multiaddr> bootstrap = List.of();

  /** Those that the user names, or these. */
  List<Network> over(List<Network> configured) throws CommandFailure {
    if (names.contains(NONE)) {
      if (names.size() > 1 || !bootstrap.isEmpty()) {
        throw CommandFailure.usage(
            "--network off is for none at all.", "Leave out the other networks and --bootstrap.");
      }
      return List.of();
    }
    if (names.isEmpty()) {
      if (configured.isEmpty() && !bootstrap.isEmpty()) {
        throw CommandFailure.usage(
            "--bootstrap is of no use, since config.toml names no network.",
            "Name one with --network.");
      }
      return configured.stream().map(network -> network.withBootstrap(bootstrap)).toList();
    }
    List<Network> networks = new ArrayList<>();
    for (String name : names.stream().distinct().toList()) {
      try {
        networks.add(Network.named(name).withBootstrap(bootstrap));
      } catch (IOException e) {
        throw CommandFailure.usage(
            "--network %s: %s.".formatted(name, e.getMessage()),
            "Say ipfs, warren, lan, off, or the path of a file as those in bootstrap-configs.");
      }
    }
    long different =
        networks.stream().map(network -> network.table().protocol()).distinct().count();
    if (different < networks.size()) {
      throw CommandFailure.usage(
          "Two of the networks have the same protocol, so they are one.", "Name one of them.");
    }
    return networks;
  }
}
