package dev.warren.libp2p.discovery;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/** A network interface of this machine, as it is now. */
record Face(String name, int index, List<Subnet> subnets) {
  Face {
    subnets = List.copyOf(subnets);
  }

  /** An address of the interface, and the leading bits that its neighbours share. */
  record Subnet(InetAddress address, int prefixBits) {
    boolean contains(InetAddress ip) {
      byte[] ours = address.getAddress();
      byte[] theirs = ip.getAddress();
      if (ours.length != theirs.length) {
        return false;
      }
      int whole = prefixBits / 8;
      int rest = (0xff00 >> (prefixBits % 8)) & 0xff;
      return Arrays.equals(ours, 0, whole, theirs, 0, whole)
          && (rest == 0 || ((ours[whole] ^ theirs[whole]) & rest) == 0);
    }
  }

  /** Whether the address is one of this interface. */
  boolean has(InetAddress ip) {
    return subnets.stream().anyMatch(subnet -> subnet.address().equals(ip));
  }

  /** Whether the address is that of a neighbour, who is reached without a router. */
  boolean reaches(InetAddress ip) {
    return subnets.stream().anyMatch(subnet -> subnet.contains(ip));
  }
}
