package dev.warren.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The yardstick: how fast two JVMs pass bare encrypted records. */
@Command(
    name = "bare",
    description =
        "What two JVMs reach with bare ChaCha20-Poly1305 records of 64 KiB over a socket.",
    mixinStandardHelpOptions = true)
final class BareRecords implements Callable<Integer> {
  @Mixin private final Repetition repetition = new Repetition();
  @Mixin private final Volume volume = new Volume();
  @Mixin private final Report report = new Report();

  @Override
  public Integer call() throws IOException {
    try (BarePair pair = BarePair.start()) {
      var trials = List.of(new Trial(pair, Transfer.ONE_UPLOAD));
      report.publish(
          TransferTable.of(
              Rounds.run(
                  repetition.rounds(),
                  trials,
                  trial -> trial.carrier().transfer(trial.transfer(), volume.bytes()))));
      return 0;
    }
  }
}
