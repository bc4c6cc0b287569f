package dev.warren.cli;

import dev.warren.node.NodeConfig;
import dev.warren.node.NodeRecords;
import dev.warren.node.store.DataDirectory;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
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
  private @Nullable Path path; // no Optional: bash would not be told that it is a path

  boolean given() {
    return path != null;
  }

  /** Opens what the node remembers. */
  NodeRecords records(Session session) throws IOException {
    DataDirectory data = in(session);
    return session.nodes().records(NodeConfig.in(data.path()).withFile(data.configFile()));
  }

  DataDirectory in(Session session) {
    return path == null ? session.dataDirectory() : new DataDirectory(path);
  }
}
