package dev.warren.bench;

import picocli.CommandLine.Option;

/** How often something is measured. */
final class Repetition {
  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Counted rounds, after one that is discarded (default: ${DEFAULT-VALUE}).")
  private int rounds;

  int rounds() {
    return Math.max(1, rounds);
  }
}
