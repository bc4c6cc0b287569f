package dev.warren.node;

import dev.warren.libp2p.dht.DhtNetwork;
import dev.warren.libp2p.dht.Mode;
import dev.warren.libp2p.dht.Reach;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A network in which nodes find each other by a distributed table that they keep together.
 *
 * @param name what it is called to people
 * @param table by which protocol its nodes know each other, and from where they can be reached
 * @param mode what this node does for the others there; if nothing is said, it answers them while
 *     it knows that they can reach it
 * @param bootstrap where some of its nodes are; who has been in it before needs none
 * @param relays by way of which nodes behind routers are reached, beside those that turn up
 */
public record Network(
    String name,
    DhtNetwork table,
    Optional<Mode> mode,
    List<Multiaddr> bootstrap,
    List<Multiaddr> relays) {
  /** Those that come with Warren, as files in {@code bootstrap-configs}. */
  public static final List<String> READY = List.of("ipfs", "warren", "lan");

  private static final String PROTOCOL = "protocol";
  private static final String REACH = "reach";
  private static final String MODE = "mode";
  private static final String BOOTSTRAP = "bootstrap";
  private static final String RELAYS = "relays";

  /** Copies the lists. */
  public Network {
    bootstrap = List.copyOf(bootstrap);
    relays = List.copyOf(relays);
  }

  /** Whether its nodes are reached over the internet. */
  boolean isOfInternet() {
    return table.reach() == Reach.PUBLIC;
  }

  /**
   * A network that comes with Warren, or that of a file.
   *
   * @param name one of {@link #READY}, or the path of a TOML file
   * @throws IOException if there is no such network, or its file says what is not understood
   */
  public static Network named(String name) throws IOException {
    return named(name, Path.of(""));
  }

  /** The same, with the path as seen from a directory. */
  public static Network named(String name, Path directory) throws IOException {
    if (READY.contains(name)) {
      return parse(name, name + ".toml", ready(name));
    }
    Path file = directory.resolve(name);
    if (!name.endsWith(".toml") && !Files.exists(file)) {
      throw new IOException(
          "there is no network '%s'; say %s, or the path of a TOML file"
              .formatted(name, String.join(", ", READY)));
    }
    String fileName = String.valueOf(file.getFileName());
    return parse(fileName.replaceFirst("\\.toml$", ""), file.toString(), Files.readString(file));
  }

  private static String ready(String name) throws IOException {
    try (InputStream in = Network.class.getResourceAsStream("networks/" + name + ".toml")) {
      if (in == null) {
        throw new IOException("the network '%s' is missing in this build".formatted(name));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Network parse(String name, String source, String text) throws IOException {
    TomlFile toml = TomlFile.parse(source, text, Set.of(PROTOCOL, REACH, MODE, BOOTSTRAP, RELAYS));
    String protocol = toml.get(settings -> settings.getString(PROTOCOL, () -> ""));
    if (!protocol.startsWith("/")) {
      throw toml.wrong(PROTOCOL, "'protocol' has to be one, such as /warren/kad/1.0.0");
    }
    Reach reach = one(toml, REACH, Reach.PUBLIC, Reach.values());
    return new Network(
        name,
        new DhtNetwork(protocol, reach),
        mode(toml, reach),
        toml.addresses(BOOTSTRAP),
        toml.addresses(RELAYS));
  }

  /** Whether others can reach this node over the internet is to be found out. */
  private static Optional<Mode> mode(TomlFile toml, Reach reach) throws IOException {
    boolean said = toml.get(settings -> settings.contains(MODE));
    return reach == Reach.PUBLIC && !said
        ? Optional.empty()
        : Optional.of(one(toml, MODE, Mode.SERVER, Mode.values()));
  }

  private static <E extends Enum<E>> E one(TomlFile toml, String key, E otherwise, E[] values)
      throws IOException {
    String said = toml.get(settings -> settings.getString(key, () -> lower(otherwise)));
    for (E value : values) {
      if (lower(value).equals(said)) {
        return value;
      }
    }
    throw toml.wrong(
        key,
        "'%s' is one of %s"
            .formatted(key, String.join(", ", Stream.of(values).map(Network::lower).toList())));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  /** The same, joined at other addresses as well. */
  public Network withBootstrap(List<Multiaddr> more) {
    return new Network(
        name,
        table,
        mode,
        Stream.concat(more.stream(), bootstrap.stream()).distinct().toList(),
        relays);
  }

  /** The same, with another part in it. */
  public Network withMode(Mode other) {
    return new Network(name, table, Optional.of(other), bootstrap, relays);
  }
}
