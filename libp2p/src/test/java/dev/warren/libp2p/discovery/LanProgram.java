package dev.warren.libp2p.discovery;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/**
 * A node that announces itself on the real network and prints whom it finds, until its input ends.
 */
final class LanProgram {
  private LanProgram() {}

  /** The first argument is a subtype, for tests that are to meet nobody else. */
  public static void main(String[] arguments) throws IOException {
    PeerId self = PrivateKey.generate(KeyType.ED25519).peerId();
    ServiceName service = service(arguments[0]);
    System.out.println("self " + self); // before another thread can print whom it found
    try (MdnsDiscovery lan = MdnsDiscovery.open(self, LanProgram::addresses, TimeSource.system())) {
      lan.find(service, (peer, addresses) -> System.out.println(peer + " " + addresses));
      lan.announce(service);
      System.in.readAllBytes();
    }
  }

  static ServiceName service(String subtype) {
    return ServiceName.of("_warren-test._udp").subtype(subtype);
  }

  /** As if the node listened on every interface. */
  static List<Multiaddr> addresses() {
    try {
      return NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .map(LanProgram::address)
          .toList();
    } catch (SocketException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Multiaddr address(InetAddress ip) {
    return Multiaddr.ofTcp(new InetSocketAddress(ip, 4001));
  }
}
