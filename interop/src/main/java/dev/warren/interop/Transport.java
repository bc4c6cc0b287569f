package dev.warren.interop;

import java.util.Locale;

/** What two peers meet over. */
public enum Transport {
  /** With Noise and yamux. */
  TCP("/ip4/127.0.0.1/tcp/0"),
  /** Which secures and multiplexes by itself. */
  QUIC("/ip4/127.0.0.1/udp/0/quic-v1");

  private final String anyPort;

  Transport(String anyPort) {
    this.anyPort = anyPort;
  }

  /** Where a peer is to listen. */
  public String anyPort() {
    return anyPort;
  }

  /** The name as the options of the scripts have it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
