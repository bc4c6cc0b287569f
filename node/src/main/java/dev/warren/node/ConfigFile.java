package dev.warren.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Reads a node's configuration. */
final class ConfigFile {
  private static final String LISTEN = "listen";
  private static final String LAN = "lan";
  private static final String PORT_MAPPING = "port_mapping";
  private static final String NETWORKS = "networks";
  private static final String UP = "limits.up_bytes_per_second";
  private static final String DOWN = "limits.down_bytes_per_second";
  private static final String CACHE = "cache.max_bytes";
  private static final String FIND_TIMEOUT = "find.timeout_seconds";

  private static final Set<String> KEYS =
      Set.of(LISTEN, LAN, PORT_MAPPING, NETWORKS, UP, DOWN, CACHE, FIND_TIMEOUT);

  private ConfigFile() {}

  /** What a file says, and the rest as it was. */
  static NodeConfig read(Path file, NodeConfig rest) throws IOException {
    TomlFile toml = TomlFile.parse(file.toString(), Files.readString(file), KEYS);
    return new NodeConfig(
        rest.dataDirectory(),
        toml.has(LISTEN) ? toml.addresses(LISTEN) : rest.listen(),
        toml.get(settings -> settings.getBoolean(LAN, rest::lan)),
        toml.get(settings -> settings.getBoolean(PORT_MAPPING, rest::portMapping)),
        toml.has(NETWORKS) ? networks(file, toml) : rest.networks(),
        rest.agent(),
        toml.has(UP) ? OptionalLong.of(toml.positive(UP)) : rest.limitUp(),
        toml.has(DOWN) ? OptionalLong.of(toml.positive(DOWN)) : rest.limitDown(),
        toml.has(CACHE) ? toml.positive(CACHE) : rest.cacheBytes(),
        toml.has(FIND_TIMEOUT)
            ? Duration.ofSeconds(toml.positive(FIND_TIMEOUT))
            : rest.findTimeout());
  }

  /** Files are named as seen from this one. */
  private static List<Network> networks(Path file, TomlFile toml) throws IOException {
    List<Network> networks = new ArrayList<>();
    for (String name : toml.texts(NETWORKS)) {
      try {
        networks.add(Network.named(name, file.toAbsolutePath().getParent()));
      } catch (IOException e) {
        throw toml.wrong(NETWORKS, String.valueOf(e.getMessage()));
      }
    }
    return networks;
  }
}
