package dev.warren.node.store;

import dev.warren.libp2p.identity.OwnerOnly;
import dev.warren.sharecodes.ShareId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where a node keeps what must survive: its key, its databases, its cache and its log. Nobody but
 * its owner may look into it.
 *
 * @param path the directory, which may not exist yet
 */
public record DataDirectory(Path path) {

  /** The directory that the platform has for the data of programs. */
  public static DataDirectory ofPlatform(
      Map<String, String> environment, String system, Path home) {
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
  public Path keyFile() {
    return path.resolve("identity.key");
  }

  /** What the user has settled for the node, if anything. */
  public Path configFile() {
    return path.resolve("config.toml");
  }

  /** The log of the command. */
  public Path logFile() {
    return path.resolve("logs").resolve("warren.log");
  }

  /** What the node knows. */
  public Path database() {
    return path.resolve("warren.db");
  }

  /** The directory with a database for each share that is offered. */
  public Path shares() {
    return path.resolve("shares");
  }

  /** The database of one of those. */
  public Path share(ShareId id) {
    return shares().resolve(id.text() + ".db");
  }

  /** The directory with a database for each share that is received. */
  public Path transfers() {
    return path.resolve("transfers");
  }

  /** The database of one of those. */
  public Path transfer(long number) {
    return transfers().resolve(number + ".db");
  }

  /** What other peers of a network store here. */
  public Path dhtRecords(String network) {
    return path.resolve("dht-" + network + ".db");
  }

  /** The peers of a network that were known the last time. */
  public Path peers(String network) {
    return path.resolve("peers-" + network + ".txt");
  }

  /** The directory with content that lies in no file of the user. */
  public Path cache() {
    return path.resolve("cache");
  }

  /** Makes the directory and those in it, for the owner alone. One that is there stays as it is. */
  public DataDirectory create() throws IOException {
    for (Path directory : new Path[] {path, shares(), transfers(), cache()}) {
      OwnerOnly.createDirectories(directory);
    }
    return this;
  }

  /** The XDG specification has relative paths ignored. */
  private static Optional<Path> absolute(Map<String, String> environment, String variable) {
    return Optional.ofNullable(environment.get(variable))
        .filter(value -> !value.isEmpty())
        .map(Path::of)
        .filter(Path::isAbsolute);
  }
}
