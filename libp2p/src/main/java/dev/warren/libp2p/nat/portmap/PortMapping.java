package dev.warren.libp2p.nat.portmap;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A port of the router that leads to one of ours.
 *
 * @param external where others reach it, as far as the router knows
 * @param lifetime for how long the router keeps it
 */
public record PortMapping(
    Kind kind, int internalPort, InetSocketAddress external, Duration lifetime) {

  /** What is mapped. */
  public enum Kind {
    TCP(6),
    UDP(17);

    private final int number;

    Kind(int number) {
      this.number = number;
    }

    /** The number that IANA gave the protocol. */
    int number() {
      return number;
    }
  }

  /** The port of the router. */
  public int externalPort() {
    return external.getPort();
  }
}
