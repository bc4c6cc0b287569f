package dev.warren.cli;

import picocli.CommandLine.Option;

/** Which forms of the code of a share are wanted; words, if nothing else is said. */
final class CodeForms {
  @Option(
      names = "--words",
      description = "Show words to type. The default, unless another form is asked for.")
  private boolean words;

  @Option(
      names = "--ticket",
      description =
          "Show the ticket: longer, and needs no finding on the network. It holds the key.")
  private boolean ticket;

  @Option(names = "--qr", description = "Show the ticket as a QR code.")
  private boolean qr;

  @Option(names = "--legacy", description = "Show a code of the form SHARECODE:KEY:IP:PORT.")
  private boolean legacy;

  /** Without words nobody can look for the share, or guess at them. */
  boolean words() {
    return words || !(ticket || qr || legacy);
  }

  boolean ticket() {
    return ticket;
  }

  boolean qr() {
    return qr;
  }

  boolean legacy() {
    return legacy;
  }
}
