package dev.warren.libp2p.multiformats;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;

/** IP addresses of the JDK from bytes; a zone of IPv6 (RFC 4007) is a scope id there. */
final class IpZones {
  private IpZones() {}

  static InetAddress unscoped(byte[] ip) {
    try {
      return InetAddress.getByAddress(ip);
    } catch (UnknownHostException e) {
      throw new AssertionError("the length of an address was checked before", e);
    }
  }

  /** The zone is an interface's index or its name on this machine. */
  static Optional<InetAddress> scoped(byte[] ip, String zone) {
    try {
      if (zone.chars().allMatch(c -> c >= '0' && c <= '9')) {
        long index = NumberValue.parseUnsigned(zone, Integer.BYTES);
        return index <= Integer.MAX_VALUE
            ? Optional.of(Inet6Address.getByAddress(null, ip, (int) index))
            : Optional.empty();
      }
      NetworkInterface named = NetworkInterface.getByName(zone);
      return named == null
          ? Optional.empty()
          : Optional.of(Inet6Address.getByAddress(null, ip, named));
    } catch (MalformedException | SocketException | UnknownHostException e) {
      return Optional.empty();
    }
  }
}
