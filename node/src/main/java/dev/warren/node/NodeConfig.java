package dev.warren.node;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * How a node runs. Everything but its directory has a default.
 *
 * @param dataDirectory where it keeps its key and all that it remembers
 * @param listen where it accepts connections; if empty, at the port that it had the last time, on
 *     every interface
 * @param lan whether it is announced on the local network, and looks there for others
 * @param portMapping whether routers are asked to forward its ports, where it is in a network of
 *     the internet
 * @param networks in which it finds others and is found, from anywhere
 * @param agent the name and version of the program, shown to peers
 * @param limitUp bytes a second, of all shares together
 * @param limitDown bytes a second, of all that is received together
 * @param cacheBytes room for content that lies in no file of the user
 * @param findTimeout how long a sharer is looked for
 */
public record NodeConfig(
    Path dataDirectory,
    List<Multiaddr> listen,
    boolean lan,
    boolean portMapping,
    List<Network> networks,
    String agent,
    OptionalLong limitUp,
    OptionalLong limitDown,
    long cacheBytes,
    Duration findTimeout) {
  private static final long DEFAULT_CACHE_BYTES = 2L << 30;
  private static final Duration DEFAULT_FIND_TIMEOUT = Duration.ofSeconds(60);

  /** Copies the lists. */
  public NodeConfig {
    listen = List.copyOf(listen);
    networks = List.copyOf(networks);
  }

  /** The defaults, with the node's own directory. */
  public static NodeConfig in(Path dataDirectory) {
    return new NodeConfig(
        dataDirectory,
        List.of(),
        true,
        true,
        List.of(),
        "warren",
        OptionalLong.empty(),
        OptionalLong.empty(),
        DEFAULT_CACHE_BYTES,
        DEFAULT_FIND_TIMEOUT);
  }

  /** The same, at other addresses. */
  public NodeConfig withListen(List<Multiaddr> addresses) {
    return new NodeConfig(
        dataDirectory,
        addresses,
        lan,
        portMapping,
        networks,
        agent,
        limitUp,
        limitDown,
        cacheBytes,
        findTimeout);
  }

  /** The same, with or without the local network. */
  public NodeConfig withLan(boolean used) {
    return new NodeConfig(
        dataDirectory,
        listen,
        used,
        portMapping,
        networks,
        agent,
        limitUp,
        limitDown,
        cacheBytes,
        findTimeout);
  }

  /** The same, in these networks. */
  public NodeConfig withNetworks(List<Network> joined) {
    return new NodeConfig(
        dataDirectory,
        listen,
        lan,
        portMapping,
        joined,
        agent,
        limitUp,
        limitDown,
        cacheBytes,
        findTimeout);
  }

  /** The same, for another program. */
  public NodeConfig withAgent(String nameAndVersion) {
    return new NodeConfig(
        dataDirectory,
        listen,
        lan,
        portMapping,
        networks,
        nameAndVersion,
        limitUp,
        limitDown,
        cacheBytes,
        findTimeout);
  }

  /**
   * The same with what a TOML file says, if it is there. Its keys are {@code listen}, {@code lan},
   * {@code port_mapping}, {@code networks} (names and files as for {@link Network#named}), {@code
   * limits.up_bytes_per_second}, {@code limits.down_bytes_per_second}, {@code cache.max_bytes} and
   * {@code find.timeout_seconds}.
   *
   * @throws IOException if it cannot be read, or says what is not understood, naming the line
   */
  public NodeConfig withFile(Path toml) throws IOException {
    return Files.exists(toml) ? ConfigFile.read(toml, this) : this;
  }
}
