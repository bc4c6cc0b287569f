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
 * @param networks which it helps to find each other
 */
public record RelayConfig(
    Path dataDirectory, Addresses addresses, List<Network> networks, Service service) {
  /** The network that it helps unless told otherwise. */
  public static final String NETWORK = "warren";

  /**
   * Where it is.
   *
   * @param listen where it accepts connections; none for port 4001 of every interface
   * @param announce at which other addresses it can be reached
   * @param status where it tells how it is; empty for nowhere
   */
  public record Addresses(
      List<Multiaddr> listen, List<Multiaddr> announce, Optional<InetSocketAddress> status) {
    /** Copies the lists. */
    public Addresses {
      listen = List.copyOf(listen);
      announce = List.copyOf(announce);
    }
  }

  /**
   * What it has for others.
   *
   * @param maxConnections in all
   * @param maxConnectionsPerIp of those, from one IPv4 address or IPv6 /64
   * @param relay what it grants
   * @param budget how many bytes it passes on
   * @param access whom it serves
   * @param drain how long circuits may go on when it is to end
   */
  public record Service(
      int maxConnections,
      int maxConnectionsPerIp,
      RelayLimits relay,
      Budget budget,
      AccessList access,
      Duration drain) {}

  /** Copies the list. */
  public RelayConfig {
    networks = List.copyOf(networks);
  }

  /** Everything by default, with a directory of one's own. */
  public static RelayConfig in(Path dataDirectory) throws IOException {
    var limits =
        new RelayLimits(
            10_000,
            16,
            Duration.ofHours(1),
            1_000,
            16,
            64,
            new CircuitLimit(Duration.ofHours(2), 1L << 30));
    return new RelayConfig(
        dataDirectory,
        new Addresses(List.of(), List.of(), StatusAddress.parse("127.0.0.1:4002")),
        List.of(Network.named(NETWORK)),
        new Service(12_000, 64, limits, Budget.NONE, AccessList.EVERYBODY, Duration.ofSeconds(30)));
  }

  /**
   * The same, but for what a file says.
   *
   * @throws IOException if it cannot be read, or what it says is not understood
   */
  public RelayConfig withFile(Path file) throws IOException {
    return RelayFile.read(file, Files.readString(file), this);
  }

  public RelayConfig withListen(List<Multiaddr> some) {
    return with(new Addresses(some, addresses.announce, addresses.status));
  }

  public RelayConfig withAnnounce(List<Multiaddr> some) {
    return with(new Addresses(addresses.listen, some, addresses.status));
  }

  public RelayConfig withStatus(Optional<InetSocketAddress> some) {
    return with(new Addresses(addresses.listen, addresses.announce, some));
  }

  private RelayConfig with(Addresses others) {
    return new RelayConfig(dataDirectory, others, networks, service);
  }

  public RelayConfig withNetworks(List<Network> some) {
    return new RelayConfig(dataDirectory, addresses, some, service);
  }
}
