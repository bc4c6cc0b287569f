package dev.warren.cli;

import dev.warren.node.store.DataDirectory;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The option that says which node's data to work on. */
final class DataDirectoryOption {
  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description =
          "Where the node keeps its key and log. Default: warren in XDG_DATA_HOME or"
              + " ~/.local/share; ~/Library/Application Support/Warren on macOS;"
              + " %%APPDATA%%\\Warren on Windows.")
  private Optional<Path> path = Optional.empty();

  boolean given() {
    return path.isPresent();
  }

  DataDirectory in(Session session) {
    return path.map(DataDirectory::new).orElse(session.dataDirectory());
  }
}
