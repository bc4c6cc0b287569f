package dev.warren.libp2p.nat.autonat;

/** Why nobody was dialed back. */
public enum Refusal {
  /** The server does not serve this request, or not now: too many have come, or by a relay. */
  REJECTED,
  /** The server cannot, or does not want to, dial any of the addresses. */
  NO_ADDRESS,
  /** The server wants more data than the address is worth to the one who asks. */
  TOO_DEAR,
  /** The server does not understand the request. */
  BAD_REQUEST,
  /** The server failed. */
  FAULT
}
