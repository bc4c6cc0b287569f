package dev.warren.libp2p.nat.reachability;

/** From whom a NAT or firewall lets in what comes: RFC 4787, section 5. */
public enum NatFiltering {
  UNKNOWN,
  /** From everybody. */
  ENDPOINT_INDEPENDENT,
  /** From IP addresses that something was sent to. */
  ADDRESS_DEPENDENT,
  /** From ports that something was sent to. */
  ADDRESS_AND_PORT_DEPENDENT
}
