package dev.warren.libp2p.nat.reachability;

/** As what others see one local port: RFC 4787, section 4.1. */
public enum NatMapping {
  UNKNOWN,
  /** As itself: there is no NAT. */
  NONE,
  /** As the same, whoever looks: what one peer has seen another one can dial. */
  ENDPOINT_INDEPENDENT,
  /** Each as something else: no peer can know where another one would have to dial. */
  ADDRESS_DEPENDENT
}
