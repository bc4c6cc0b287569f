package dev.warren.node;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Nodes of this process that find each other, with their data in one directory. */
final class MemoryNodes implements AutoCloseable {
  private final Path directory;
  private final MemoryRendezvous place = new MemoryRendezvous();
  private final List<Node> nodes = new ArrayList<>();

  MemoryNodes(Path directory) {
    this.directory = directory;
  }

  /** Starts a node; under a name that was started and closed before, the same again. */
  WarrenNode start(String name) throws IOException {
    NodeConfig config =
        NodeConfig.in(directory.resolve(name + ".data"))
            .withListen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")))
            .withLan(false);
    WarrenNode node = WarrenNode.start(config, host -> List.of(place.door(host)));
    nodes.add(node);
    return node;
  }

  /** What is below a directory, by its path. */
  static Map<String, String> contentOf(Path root) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (var paths = Files.walk(root)) {
      for (Path path : paths.toList()) {
        content.put(
            root.relativize(path).toString(),
            Files.isDirectory(path)
                ? "directory"
                : Files.readString(path, StandardCharsets.ISO_8859_1));
      }
    }
    return content;
  }

  @Override
  public void close() {
    nodes.reversed().forEach(Node::close);
  }
}
