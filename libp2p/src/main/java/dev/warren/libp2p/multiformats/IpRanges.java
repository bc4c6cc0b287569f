package dev.warren.libp2p.multiformats;

import java.net.Inet4Address;
import java.net.InetAddress;

/** From where an IP address leads to its machine. */
public final class IpRanges {
  private IpRanges() {}

  /** Of one network, or of this machine: what means another machine elsewhere. */
  public static boolean isLocal(InetAddress ip) {
    return ip.isLoopbackAddress()
        || ip.isLinkLocalAddress()
        || (ip instanceof Inet4Address
            ? ip.isSiteLocalAddress() || isIn(ip, 100, 64, 10)
            : (ip.getAddress()[0] & 0xfe) == 0xfc); // fc00::/7, RFC 4193
  }

  /** IPv4 but for what RFC 6890 sets aside; of IPv6 what is given out, 2000::/3. */
  public static boolean isPublic(InetAddress ip) {
    if (!(ip instanceof Inet4Address)) {
      byte[] bytes = ip.getAddress();
      boolean documentation = bytes[0] == 0x20 && bytes[1] == 0x01 && bytes[2] == 0x0d;
      return (bytes[0] & 0xe0) == 0x20 && !(documentation && bytes[3] == (byte) 0xb8);
    }
    return !(isLocal(ip)
        || isIn(ip, 0, 0, 8)
        || isIn(ip, 192, 0, 24)
        || isIn(ip, 198, 18, 15)
        || isBlock(ip, 192, 0, 2)
        || isBlock(ip, 198, 51, 100)
        || isBlock(ip, 203, 0, 113)
        || Byte.toUnsignedInt(ip.getAddress()[0]) >= 224);
  }

  /** Whether the first bits are those of the two bytes, zeros behind them. */
  private static boolean isIn(InetAddress ip, int first, int second, int bits) {
    byte[] bytes = ip.getAddress();
    int address =
        Byte.toUnsignedInt(bytes[0]) << 24
            | Byte.toUnsignedInt(bytes[1]) << 16
            | Byte.toUnsignedInt(bytes[2]) << 8;
    return (address ^ (first << 24 | second << 16)) >>> (32 - bits) == 0;
  }

  private static boolean isBlock(InetAddress ip, int first, int second, int third) {
    byte[] bytes = ip.getAddress();
    return Byte.toUnsignedInt(bytes[0]) == first
        && Byte.toUnsignedInt(bytes[1]) == second
        && Byte.toUnsignedInt(bytes[2]) == third;
  }
}
