package dev.warren.node;

import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlInvalidTypeException;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;

/** Reads a node's configuration from TOML. A mistake is reported with its line. */
final class ConfigFile {
  private static final String LISTEN = "listen";
  private static final String LAN = "lan";
  private static final String UP = "limits.up_bytes_per_second";
  private static final String DOWN = "limits.down_bytes_per_second";
  private static final String CACHE = "cache.max_bytes";
  private static final String FIND_TIMEOUT = "find.timeout_seconds";

  private static final Set<String> KEYS = Set.of(LISTEN, LAN, UP, DOWN, CACHE, FIND_TIMEOUT);

  private final Path file;
  private final TomlParseResult toml;

  private ConfigFile(Path file, TomlParseResult toml) {
    this.file = file;
    this.toml = toml;
  }

  /** What a file says, and the rest as it was. */
  static NodeConfig read(Path file, NodeConfig rest) throws IOException {
    TomlParseResult toml = Toml.parse(Files.readString(file));
    if (toml.hasErrors()) {
      var first = toml.errors().getFirst();
      throw new IOException(
          "%s, line %d: %s".formatted(file, first.position().line(), first.getMessage()));
    }
    return new ConfigFile(file, toml).over(rest);
  }

  private NodeConfig over(NodeConfig rest) throws IOException {
    for (String key : toml.dottedKeySet()) {
      if (!KEYS.contains(key)) {
        throw wrong(key, "there is no setting '%s'".formatted(key));
      }
    }
    try {
      return new NodeConfig(
          rest.dataDirectory(),
          toml.contains(LISTEN) ? addresses() : rest.listen(),
          toml.getBoolean(LAN, rest::lan),
          rest.agent(),
          toml.contains(UP) ? OptionalLong.of(positive(UP)) : rest.limitUp(),
          toml.contains(DOWN) ? OptionalLong.of(positive(DOWN)) : rest.limitDown(),
          toml.contains(CACHE) ? positive(CACHE) : rest.cacheBytes(),
          toml.contains(FIND_TIMEOUT)
              ? Duration.ofSeconds(positive(FIND_TIMEOUT))
              : rest.findTimeout());
    } catch (TomlInvalidTypeException e) {
      throw new IOException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private long positive(String key) throws IOException {
    long value = toml.getLong(key, () -> 0);
    if (value < 1) {
      throw wrong(key, "'%s' has to be 1 at least".formatted(key));
    }
    return value;
  }

  private List<Multiaddr> addresses() throws IOException {
    TomlArray array = toml.getArrayOrEmpty(LISTEN);
    List<Multiaddr> addresses = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      try {
        addresses.add(Multiaddr.parse(array.getString(i)));
      } catch (MalformedException e) {
        throw wrong(LISTEN, "'%s' is no address: %s".formatted(array.getString(i), e.getMessage()));
      }
    }
    return addresses;
  }

  private IOException wrong(String key, String what) {
    TomlPosition position = toml.inputPositionOf(key);
    return new IOException(
        "%s, line %d: %s".formatted(file, position == null ? 1 : position.line(), what));
  }
}
