package dev.warren.libp2p.host;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Every interface of this machine. */
final class Everywhere {
  private static final Logger log = LoggerFactory.getLogger(Everywhere.class);

  private final Listening host;

  /** Listens at one address, and tells which port it became. */
  interface Listening {
    OptionalInt listen(Multiaddr address) throws IOException;
  }

  Everywhere(Listening host) {
    this.host = host;
  }

  int listenOverTcp(int port) throws IOException {
    return listen("/tcp/" + port).orElseThrow();
  }

  void listenOverQuic(int port) throws IOException {
    try {
      listen("/udp/" + port + "/quic-v1");
    } catch (IOException e) {
      log.info("UDP gets a port of its own: {}", e.getMessage());
      listen("/udp/0/quic-v1");
    }
  }

  private OptionalInt listen(String transport) throws IOException {
    try {
      // Takes IPv4 as well where the system has both.
      return host.listen(Multiaddr.parse("/ip6/::" + transport));
    } catch (IOException | UnsupportedOperationException e) {
      // A machine without IPv6, of which there still are many.
      return host.listen(Multiaddr.parse("/ip4/0.0.0.0" + transport));
    }
  }
}
