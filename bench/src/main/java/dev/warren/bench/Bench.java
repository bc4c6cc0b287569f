package dev.warren.bench;

import dev.warren.bench.dht.DhtSimulation;
import dev.warren.bench.dht.EclipseSimulation;
import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of the benches. */
@Command(
    name = "scripts/bench",
    description = "Measures Warren and its libp2p stack beside others, in one run on one machine.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      PerfComparison.class,
      FileTransfers.class,
      BareRecords.class,
      ConnectionMemory.class,
      RelayComparison.class,
      StreamChurn.class,
      ConnectLatency.class,
      Soak.class,
      DhtSimulation.class,
      EclipseSimulation.class,
      Jmh.class
    })
public final class Bench {
  private Bench() {}

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Bench())
            .setExecutionExceptionHandler(Bench::explain)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(args));
  }

  /** What a user can act on is a sentence; only a fault of ours is a stack trace. */
  private static int explain(
      Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
    if (failure instanceof IOException) {
      command.getErr().println("bench: " + failure.getMessage());
    } else {
      failure.printStackTrace(command.getErr());
    }
    return command.getCommandSpec().exitCodeOnExecutionException();
  }
}
