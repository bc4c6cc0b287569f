package dev.warren.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where a node keeps what must survive: its key and its log.
 *
 * @param path the directory, which may not exist yet
 */
record DataDirectory(Path path) {

  /** The directory that the platform has for the data of programs. */
  static DataDirectory ofPlatform(Map<String, String> environment, String system, Path home) {
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("windows")) {
      return new DataDirectory(
          absolute(environment, "APPDATA")
              .orElse(home.resolve("AppData").resolve("Roaming"))
              .resolve("Warren"));
    }
    if (name.startsWith("mac")) {
      return new DataDirectory(home.resolve("Library/Application Support/Warren"));
    }
    return new DataDirectory(
        absolute(environment, "XDG_DATA_HOME")
            .orElse(home.resolve(".local").resolve("share"))
            .resolve("warren"));
  }

  /** The key that makes the node who it is. */
  Path keyFile() {
    return path.resolve("identity.key");
  }

  Path logFile() {
    return path.resolve("logs").resolve("warren.log");
  }

  /** The XDG specification has relative paths ignored. */
  private static Optional<Path> absolute(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .filter(value -> !value.isEmpty())
        .map(Path::of)
        .filter(Path::isAbsolute);
  }
}
