package dev.warren.bench;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.RelayClient;
import dev.warren.libp2p.protocol.perf.Perf;
import dev.warren.libp2p.transport.TimeSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * One end of a transfer, directly or through a relay. With {@code listen} it says where it is;
 * {@code reserve RELAY} takes a place and says where it is through that; {@code send ADDRESS BYTES}
 * uploads from a host of its own and says in how many seconds.
 */
final class RelayedPeer {
  private RelayedPeer() {}

  public static void main(String[] args) throws IOException {
    try (Host host = Host.builder().listen("/ip4/127.0.0.1/tcp/0").start()) {
      RelayClient client = RelayClient.attach(host);
      Perf.serve(host);
      System.out.println(host.addressesWithPeer().getFirst());
      var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      String line;
      while ((line = lines.readLine()) != null) {
        String[] words = line.split(" ", -1);
        System.out.println(
            switch (words[0]) {
              case "reserve" -> reserve(host, client, Multiaddr.parse(words[1]));
              case "send" -> send(Multiaddr.parse(words[1]), Long.parseLong(words[2]));
              default -> throw new IllegalArgumentException(line);
            });
      }
    }
  }

  private static Multiaddr reserve(Host host, RelayClient client, Multiaddr relay)
      throws IOException {
    Connection connection = host.dial(relay);
    return client
        .reserve(connection.remotePeer())
        .addresses()
        .getFirst()
        .withPeer(host.peerId().toString());
  }

  /** By a host that knows no other way. */
  private static double send(Multiaddr address, long bytes) throws IOException {
    try (Host host = Host.builder().start()) {
      RelayClient _ = RelayClient.attach(host);
      Connection connection = host.dial(address);
      if (connection.isRelayed() != address.isCircuit()) {
        throw new IOException("another way was taken than " + address);
      }
      return Perf.run(connection, TimeSource.system(), bytes, 0, _ -> {}).upload().toNanos() / 1e9;
    }
  }
}
