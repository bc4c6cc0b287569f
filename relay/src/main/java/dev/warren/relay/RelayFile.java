package dev.warren.relay;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.CircuitLimit;
import dev.warren.libp2p.nat.relay.RelayLimits;
import dev.warren.node.Network;
import dev.warren.node.TomlFile;
import dev.warren.relay.RelayConfig.Addresses;
import dev.warren.relay.RelayConfig.Service;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a relay's configuration. Each key is in docs/running-a-relay.md. */
final class RelayFile {
  private static final String LISTEN = "listen";
  private static final String ANNOUNCE = "announce";
  private static final String NETWORKS = "networks";
  private static final String BOOTSTRAP = "bootstrap";
  private static final String CONNECTIONS = "connections.max";
  private static final String CONNECTIONS_PER_IP = "connections.max_per_ip";
  private static final String RESERVATIONS = "reservations.max";
  private static final String RESERVATIONS_PER_IP = "reservations.max_per_ip";
  private static final String RESERVATION_LIFE = "reservations.life_seconds";
  private static final String CIRCUITS = "circuits.max";
  private static final String CIRCUITS_PER_PEER = "circuits.max_per_peer";
  private static final String CIRCUITS_PER_IP = "circuits.max_per_ip";
  private static final String CIRCUIT_SECONDS = "circuits.seconds";
  private static final String CIRCUIT_BYTES = "circuits.bytes";
  private static final String PER_SECOND = "budget.bytes_per_second";
  private static final String PER_DAY = "budget.bytes_per_day";
  private static final String PER_MONTH = "budget.bytes_per_month";
  private static final String PER_DAY_PER_IP = "budget.bytes_per_day_per_ip";
  private static final String ALLOW = "access.allow";
  private static final String BLOCK = "access.block";
  private static final String STATUS = "status.listen";
  private static final String DRAIN = "drain.seconds";

  private static final Set<String> KEYS =
      Set.of(
          LISTEN,
          ANNOUNCE,
          NETWORKS,
          BOOTSTRAP,
          CONNECTIONS,
          CONNECTIONS_PER_IP,
          RESERVATIONS,
          RESERVATIONS_PER_IP,
          RESERVATION_LIFE,
          CIRCUITS,
          CIRCUITS_PER_PEER,
          CIRCUITS_PER_IP,
          CIRCUIT_SECONDS,
          CIRCUIT_BYTES,
          PER_SECOND,
          PER_DAY,
          PER_MONTH,
          PER_DAY_PER_IP,
          ALLOW,
          BLOCK,
          STATUS,
          DRAIN);

  private static final int LEAST_LIFE_SECONDS = 60;

  /** What the wire has 32 bits for. */
  private static final long MOST_SECONDS = Integer.MAX_VALUE;

  private final Path file;
  private final TomlFile toml;
  private final RelayConfig rest;

  private RelayFile(Path file, TomlFile toml, RelayConfig rest) {
    this.file = file;
    this.toml = toml;
    this.rest = rest;
  }

  /** What a file says, and the rest as it was. */
  static RelayConfig read(Path file, String text, RelayConfig rest) throws IOException {
    return new RelayFile(file, TomlFile.parse(file.toString(), text, KEYS), rest).config();
  }

  private RelayConfig config() throws IOException {
    return new RelayConfig(
        rest.dataDirectory(), addresses(rest.addresses()), networks(), service(rest.service()));
  }

  private Addresses addresses(Addresses otherwise) throws IOException {
    return new Addresses(
        toml.has(LISTEN) ? toml.addresses(LISTEN) : otherwise.listen(),
        toml.has(ANNOUNCE) ? toml.addresses(ANNOUNCE) : otherwise.announce(),
        toml.has(STATUS) ? status() : otherwise.status());
  }

  private Service service(Service otherwise) throws IOException {
    return new Service(
        (int) toml.number(CONNECTIONS, 1, Integer.MAX_VALUE, otherwise.maxConnections()),
        (int)
            toml.number(CONNECTIONS_PER_IP, 1, Integer.MAX_VALUE, otherwise.maxConnectionsPerIp()),
        limits(otherwise.relay()),
        budget(otherwise.budget()),
        access(otherwise.access()),
        Duration.ofSeconds(toml.number(DRAIN, 0, MOST_SECONDS, otherwise.drain().toSeconds())));
  }

  private RelayLimits limits(RelayLimits otherwise) throws IOException {
    return new RelayLimits(
        (int) toml.number(RESERVATIONS, 1, Integer.MAX_VALUE, otherwise.maxReservations()),
        (int)
            toml.number(
                RESERVATIONS_PER_IP, 1, Integer.MAX_VALUE, otherwise.maxReservationsPerIp()),
        Duration.ofSeconds(
            toml.number(
                RESERVATION_LIFE,
                LEAST_LIFE_SECONDS,
                MOST_SECONDS,
                otherwise.reservationLife().toSeconds())),
        (int) toml.number(CIRCUITS, 1, Integer.MAX_VALUE, otherwise.maxCircuits()),
        (int) toml.number(CIRCUITS_PER_PEER, 1, Integer.MAX_VALUE, otherwise.maxCircuitsPerPeer()),
        (int) toml.number(CIRCUITS_PER_IP, 1, Integer.MAX_VALUE, otherwise.maxCircuitsPerIp()),
        new CircuitLimit(
            Duration.ofSeconds(
                toml.number(
                    CIRCUIT_SECONDS, 0, MOST_SECONDS, otherwise.circuit().duration().toSeconds())),
            toml.number(CIRCUIT_BYTES, 0, Long.MAX_VALUE, otherwise.circuit().bytes())));
  }

  private Budget budget(Budget otherwise) throws IOException {
    return new Budget(
        toml.number(PER_SECOND, 0, Long.MAX_VALUE, otherwise.bytesPerSecond()),
        toml.number(PER_DAY, 0, Long.MAX_VALUE, otherwise.bytesPerDay()),
        toml.number(PER_MONTH, 0, Long.MAX_VALUE, otherwise.bytesPerMonth()),
        toml.number(PER_DAY_PER_IP, 0, Long.MAX_VALUE, otherwise.bytesPerDayPerIp()));
  }

  private AccessList access(AccessList otherwise) throws IOException {
    return new AccessList(entries(ALLOW, otherwise.allowed()), entries(BLOCK, otherwise.blocked()));
  }

  private AccessList.Entries entries(String key, AccessList.Entries otherwise) throws IOException {
    if (!toml.has(key)) {
      return otherwise;
    }
    try {
      return AccessList.Entries.parse(toml.texts(key));
    } catch (IllegalArgumentException e) {
      throw toml.wrong(key, String.valueOf(e.getMessage()));
    }
  }

  private List<Network> networks() throws IOException {
    List<Network> networks = toml.has(NETWORKS) ? named() : rest.networks();
    List<Multiaddr> bootstrap = toml.addresses(BOOTSTRAP);
    return networks.stream().map(network -> network.withBootstrap(bootstrap)).toList();
  }

  /** Files are named as seen from this one. */
  private List<Network> named() throws IOException {
    Path directory = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(Path.of(""));
    List<Network> networks = new ArrayList<>();
    for (String name : toml.texts(NETWORKS)) {
      try {
        networks.add(Network.named(name, directory));
      } catch (IOException e) {
        throw toml.wrong(NETWORKS, String.valueOf(e.getMessage()));
      }
    }
    return networks;
  }

  private Optional<InetSocketAddress> status() throws IOException {
    try {
      return StatusAddress.parse(toml.text(STATUS, ""));
    } catch (IllegalArgumentException e) {
      throw toml.wrong(STATUS, String.valueOf(e.getMessage()));
    }
  }
}
