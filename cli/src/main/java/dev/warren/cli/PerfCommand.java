package dev.warren.cli;

import picocli.CommandLine.Command;

/** The room of the two halves of a measurement. */
@Command(
    name = "perf",
    description = {
      "Measure how fast two nodes can send to each other.",
      "",
      "One node serves, the other runs. Both speak /perf/1.0.0, as other libp2p nodes do."
    },
    synopsisSubcommandLabel = "(serve | run)",
    footer = {"", "Examples:", "  warren perf serve", "  warren perf run MULTIADDR --upload 1GiB"})
final class PerfCommand {}
