package dev.warren.relay;

import java.math.BigInteger;
import java.net.InetAddress;

/** Addresses that begin alike, as CIDR writes them. */
record IpRange(BigInteger prefix, int addressBits, int prefixBits) {

  /**
   * Reads one, such as 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32.
   *
   * @throws IllegalArgumentException with a sentence if it is none
   */
  static IpRange parse(String text) {
    try {
      int slash = text.indexOf('/');
      byte[] address =
          InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash)).getAddress();
      int addressBits = address.length * Byte.SIZE;
      int bits = slash < 0 ? addressBits : Integer.parseInt(text.substring(slash + 1));
      if (bits >= 0 && bits <= addressBits) {
        return new IpRange(first(address, bits), addressBits, bits);
      }
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(none(text), e);
    }
    throw new IllegalArgumentException(none(text));
  }

  private static String none(String text) {
    return "'%s' is neither a peer id nor an IP address or range, such as 192.0.2.0/24"
        .formatted(text);
  }

  boolean contains(InetAddress ip) {
    byte[] address = ip.getAddress();
    return address.length * Byte.SIZE == addressBits && first(address, prefixBits).equals(prefix);
  }

  private static BigInteger first(byte[] address, int bits) {
    return new BigInteger(1, address).shiftRight(address.length * Byte.SIZE - bits);
  }
}
