package dev.warren.bench;

import dev.warren.interop.Transport;
import picocli.CommandLine.Option;

/** What the subjects meet over. */
final class Over {
  @Option(
      names = "--transport",
      defaultValue = "tcp",
      description = "tcp or quic (default: ${DEFAULT-VALUE}).")
  private Transport transport = Transport.TCP;

  Transport transport() {
    return transport;
  }

  /** The section of the documentation that a command's results go to. */
  String section(String command) {
    return transport == Transport.TCP ? command : command + " " + transport.label();
  }
}
