package dev.warren.bench;

import picocli.CommandLine.Option;

/** How much is moved. */
final class Volume {
  @Option(
      names = "--mib",
      defaultValue = "2048",
      description =
          "MiB of each transfer, of all its streams together (default: ${DEFAULT-VALUE}).")
  private int mib;

  long bytes() {
    return (long) mib << 20;
  }
}
