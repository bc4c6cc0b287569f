package dev.warren.relay;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.CircuitLimit;
import dev.warren.libp2p.nat.relay.RelayLimits;
import dev.warren.node.Network;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a relay does, and for whom.
 *
 * @param dataDirectory where its key is, and what it remembers
 * @param listen where it accepts connections; none for port 4001 of every interface
 * @param announce at which other addresses it can be reached
 * @param networks which it helps to find each other
 * @param maxConnections in all
 * @param maxConnectionsPerIp of those, from one IPv4 address or IPv6 /64
 * @param relay what it grants
 * @param budget how many bytes it passes on
 * @param access whom it serves
 * @param status where it tells how it is; empty for nowhere
 * @param drain how long circuits may go on when it is to end
 */
public record RelayConfig(
    Path dataDirectory,
    List<Multiaddr> listen,
    List<Multiaddr> announce,
    List<Network> networks,
    int maxConnections,
    int maxConnectionsPerIp,
    RelayLimits relay,
    Budget budget,
    AccessList access,
    Optional<InetSocketAddress> status,
    Duration drain) {

  /** Copies the lists. */
  public RelayConfig {
    listen = List.copyOf(listen);
    announce = List.copyOf(announce);
    networks = List.copyOf(networks);
  }

  /** The network that it helps unless told otherwise. */
  public static final String NETWORK = "warren";

  /** Everything by default, with a directory of one's own. */
  public static RelayConfig in(Path dataDirectory) throws IOException {
    return new RelayConfig(
        dataDirectory,
        List.of(),
        List.of(),
        List.of(Network.named(NETWORK)),
        12_000,
        64,
        new RelayLimits(
            10_000,
            16,
            Duration.ofHours(1),
            1_000,
            16,
            64,
            new CircuitLimit(Duration.ofHours(2), 1L << 30)),
        Budget.NONE,
        AccessList.EVERYBODY,
        StatusAddress.parse("127.0.0.1:4002"),
        Duration.ofSeconds(30));
  }

  /**
   * The same, but for what a file says.
   *
   * @throws IOException if it cannot be read, or what it says is not understood
   */
  public RelayConfig withFile(Path file) throws IOException {
    return RelayFile.read(file, Files.readString(file), this);
  }

  public RelayConfig withListen(List<Multiaddr> addresses) {
    return new RelayConfig(
        dataDirectory,
        addresses,
        announce,
        networks,
        maxConnections,
        maxConnectionsPerIp,
        relay,
        budget,
        access,
        status,
        drain);
  }

  public RelayConfig withAnnounce(List<Multiaddr> addresses) {
    return new RelayConfig(
        dataDirectory,
        listen,
        addresses,
        networks,
        maxConnections,
        maxConnectionsPerIp,
        relay,
        budget,
        access,
        status,
        drain);
  }

  public RelayConfig withNetworks(List<Network> some) {
    return new RelayConfig(
        dataDirectory,
        listen,
        announce,
        some,
        maxConnections,
        maxConnectionsPerIp,
        relay,
        budget,
        access,
        status,
        drain);
  }

  public RelayConfig withStatus(Optional<InetSocketAddress> address) {
    return new RelayConfig(
        dataDirectory,
        listen,
        announce,
        networks,
        maxConnections,
        maxConnectionsPerIp,
        relay,
        budget,
        access,
        address,
        drain);
  }
}
