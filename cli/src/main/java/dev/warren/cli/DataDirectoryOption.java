package dev.warren.cli;

import dev.warren.node.NodeConfig;
import dev.warren.node.NodeRecords;
import dev.warren.node.store.DataDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The option that says which node's data to work on. */
final class DataDirectoryOption {
  @Option(
      names = "--data-dir",
      scope = ScopeType.INHERIT,
      paramLabel = "DIR",
      description =
          "Where the node keeps its key, log and records. Default: warren in XDG_DATA_HOME or"
              + " ~/.local/share; ~/Library/Application Support/Warren on macOS;"
              + " %%APPDATA%%\\Warren on Windows.")
  private Optional<Path> path = Optional.empty();

  boolean given() {
    return path.isPresent();
  }

  /** Opens what the node remembers. */
  NodeRecords records(Session session) throws IOException {
    return session.nodes().records(NodeConfig.in(in(session).path()));
  }

  DataDirectory in(Session session) {
    return path.map(DataDirectory::new).orElse(session.dataDirectory());
  }
}
