package dev.warren.libp2p.nat.portmap;

import dev.warren.libp2p.multiformats.IpRanges;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The routers in front of this machine, of IPv4. */
final class DefaultRoute {
  private static final Path LINUX_ROUTES = Path.of("/proc/net/route");
  private static final int MAX_ROUTERS = 4;

  private DefaultRoute() {}

  /**
   * What the system says, where it says it in a file. Elsewhere the first and the last address of
   * each network that this machine is in, which nearly every home router has one of.
   */
  static List<InetAddress> routers() throws IOException {
    List<InetAddress> all =
        Files.isReadable(LINUX_ROUTES)
            ? ofLinux(Files.readAllLines(LINUX_ROUTES))
            : guesses(localNetworks());
    return all.stream().distinct().limit(MAX_ROUTERS).toList();
  }

  /** The routers of the lines of {@code /proc/net/route} that lead everywhere. */
  static List<InetAddress> ofLinux(List<String> lines) {
    return lines.stream().map(DefaultRoute::router).flatMap(Optional::stream).toList();
  }

  private static Optional<InetAddress> router(String line) {
    String[] columns = line.strip().split("\\s+", -1);
    boolean leadsEverywhere = columns.length > 7 && columns[1].matches("0{8}");
    if (!leadsEverywhere || !columns[2].matches("[0-9A-Fa-f]{8}") || columns[2].matches("0{8}")) {
      return Optional.empty();
    }
    byte[] ip = HexFormat.of().parseHex(columns[2]); // as the processor has it, lowest byte first
    return Optional.of(address(ip[3], ip[2], ip[1], ip[0]));
  }

  static List<InetAddress> guesses(List<InterfaceAddress> networks) {
    var found = new ArrayList<InetAddress>();
    for (InterfaceAddress network : networks) {
      int bits = Math.clamp(network.getNetworkPrefixLength(), 16, 30);
      int mask = -1 << (32 - bits);
      int ip = toInt(network.getAddress().getAddress());
      found.add(fromInt((ip & mask) + 1));
      found.add(fromInt((ip | ~mask) - 1));
    }
    return found;
  }

  private static List<InterfaceAddress> localNetworks() throws IOException {
    try (Stream<NetworkInterface> interfaces = NetworkInterface.networkInterfaces()) {
      return interfaces
          .flatMap(face -> face.getInterfaceAddresses().stream())
          .filter(
              network ->
                  network.getAddress() instanceof Inet4Address ip
                      && IpRanges.isLocal(ip)
                      && !ip.isLoopbackAddress()
                      && !ip.isLinkLocalAddress())
          .toList();
    }
  }

  private static int toInt(byte[] ip) {
    return Byte.toUnsignedInt(ip[0]) << 24
        | Byte.toUnsignedInt(ip[1]) << 16
        | Byte.toUnsignedInt(ip[2]) << 8
        | Byte.toUnsignedInt(ip[3]);
  }

  private static InetAddress fromInt(int ip) {
    return address((byte) (ip >>> 24), (byte) (ip >>> 16), (byte) (ip >>> 8), (byte) ip);
  }

  private static InetAddress address(byte... bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (IOException e) {
      throw new AssertionError("four bytes are an address", e);
    }
  }
}
