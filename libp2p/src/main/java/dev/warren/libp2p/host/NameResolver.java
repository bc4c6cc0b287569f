package dev.warren.libp2p.host;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** Looks names up for {@code /dns…} and {@code /dnsaddr} addresses. */
public interface NameResolver {

  /** The IPv4 and IPv6 addresses of a name. */
  List<InetAddress> addresses(String name) throws IOException;

  /** The TXT records of a name. */
  List<String> texts(String name) throws IOException;

  /** The system's resolver. */
  static NameResolver system() {
    return SystemNameResolver.INSTANCE;
  }
}
