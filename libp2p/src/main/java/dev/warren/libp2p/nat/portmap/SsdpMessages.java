package dev.warren.libp2p.nat.portmap;

import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Searching for devices (UPnP Device Architecture 1.1, §1.3). */
final class SsdpMessages {
  private static final int MAX_LOCATION = 512;

  private SsdpMessages() {}

  static byte[] search(String target) {
    return """
        M-SEARCH * HTTP/1.1\r
        HOST: 239.255.255.250:1900\r
        MAN: "ssdp:discover"\r
        MX: 1\r
        ST: %s\r
        \r
        """
        .formatted(target)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Where the device that answers describes itself. A device may speak for itself only: otherwise
   * anybody in the network could have us fetch what lies elsewhere.
   */
  static Optional<URI> readLocation(byte[] datagram, InetAddress sender) {
    String text = new String(datagram, StandardCharsets.ISO_8859_1);
    String[] lines = text.split("\r?\n", -1);
    if (!lines[0].matches("HTTP/1\\.[01] 200\\b.*")) {
      return Optional.empty();
    }
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0
          && line.substring(0, colon).strip().toLowerCase(Locale.ROOT).equals("location")) {
        return location(line.substring(colon + 1).strip(), sender);
      }
    }
    return Optional.empty();
  }

  private static Optional<URI> location(String text, InetAddress sender) {
    if (text.length() > MAX_LOCATION) {
      return Optional.empty();
    }
    try {
      URI location = URI.create(text);
      return LanHttp.isAt(location, sender) ? Optional.of(location) : Optional.empty();
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
