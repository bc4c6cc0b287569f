package dev.warren.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/** Where a relay tells how it is, as people write it. */
public final class StatusAddress {
  private static final String NOWHERE = "off";

  private StatusAddress() {}

  /**
   * Reads an address and port, such as 127.0.0.1:4002, or "off".
   *
   * @throws IllegalArgumentException with a sentence if it is neither
   */
  public static Optional<InetSocketAddress> parse(String text) {
    if (text.equals(NOWHERE)) {
      return Optional.empty();
    }
    int colon = text.lastIndexOf(':');
    String ip = text.substring(0, Math.max(0, colon));
    try {
      return Optional.of(
          new InetSocketAddress(
              InetAddress.ofLiteral(ip.replaceFirst("^\\[(.*)]$", "$1")),
              Integer.parseInt(text.substring(colon + 1))));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "'%s' is no address with a port, such as 127.0.0.1:4002, nor 'off'".formatted(text), e);
    }
  }
}
