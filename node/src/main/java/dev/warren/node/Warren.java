package dev.warren.node;

import dev.warren.libp2p.host.Host;
import dev.warren.node.store.DataDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The way in.
 *
 * <pre>{@code
 * try (Node node = Warren.start(NodeConfig.in(directory));
 *     Sharing sharing = node.share(ShareOptions.of(Path.of("mods")))) {
 *   System.out.println("warren receive " + sharing.codes().shortest());
 *   sharing.await();
 * }
 * }</pre>
 */
public final class Warren {
  private Warren() {}

  /**
   * Starts a node.
   *
   * @throws IOException if it cannot listen, or its directory cannot be used
   */
  public static Node start(NodeConfig config) throws IOException {
    return WarrenNode.start(config, host -> places(config, host));
  }

  private static List<Rendezvous> places(NodeConfig config, Host host) {
    List<Rendezvous> places = new ArrayList<>();
    if (config.lan()) {
      places.add(LanRendezvous.open(host));
    }
    for (Network network : config.networks()) {
      places.add(DhtRendezvous.open(network, host, new DataDirectory(config.dataDirectory())));
    }
    return places;
  }

  /**
   * Tells what a share of files and directories would have, in its order, without a node: nothing
   * is hashed, kept or sent.
   *
   * @throws IOException if it could not be shared
   */
  public static void preview(ShareOptions options, Consumer<Previewed> found) throws IOException {
    SharePreview.of(options, found);
  }

  /**
   * Opens what the node of a directory remembers, whether it runs or not.
   *
   * @throws IOException if it cannot be read
   */
  public static NodeRecords records(NodeConfig config) throws IOException {
    return StoredRecords.open(config);
  }
}
