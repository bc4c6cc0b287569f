package dev.warren.bench;

import dev.warren.bench.Transfer.Direction;
import dev.warren.interop.Implementation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Bulk transfer with {@code /perf}, beside other implementations and the yardstick. */
@Command(
    name = "perf",
    description = "The /perf protocol beside go-libp2p and rust-libp2p, crosswise too.",
    mixinStandardHelpOptions = true)
final class PerfComparison implements Callable<Integer> {
  @Option(
      names = "--streams",
      split = ",",
      defaultValue = "1,8",
      description = "Streams at the same time on one connection (default: ${DEFAULT-VALUE}).")
  private List<Integer> streams = List.of();

  @Option(
      names = "--beside",
      split = ",",
      defaultValue = "go,rust",
      description = "The implementations to compare with (default: ${DEFAULT-VALUE}).")
  private Set<Implementation> others = Set.of();

  @Option(
      names = "--same",
      description = "Only pairs of equals, which is all that the ratios need.")
  private boolean sameOnly;

  @Mixin private final Over over = new Over();
  @Mixin private final Repetition repetition = new Repetition();
  @Mixin private final Volume volume = new Volume();
  @Mixin private final Report report = new Report();

  @Override
  public Integer call() throws IOException {
    var all = EnumSet.of(Implementation.WARREN);
    all.addAll(others);
    try (Peers peers = Peers.start(all, over.transport());
        BarePair bare = BarePair.start()) {
      Map<Trial, List<Transfer.Result>> results =
          Rounds.run(
              repetition.rounds(),
              trials(peers, bare),
              trial -> trial.carrier().transfer(trial.transfer(), volume.bytes()));
      report.publish(
          over.section("perf"),
          peers.versions()
              + "\n\n"
              + TransferTable.of(results)
              + "\n"
              + TransferRatios.of(results));
      return 0;
    }
  }

  private List<Trial> trials(Peers peers, BarePair bare) {
    var trials = new ArrayList<Trial>();
    for (int count : streams) {
      for (Direction direction : Direction.values()) {
        var transfer = new Transfer(count, direction);
        // Each time anew, to be near in time to what is compared with it.
        trials.add(new Trial(bare, transfer));
        pairs(peers).forEach(pair -> trials.add(new Trial(pair, transfer)));
      }
    }
    return trials;
  }

  private List<PeerPair> pairs(Peers peers) {
    var pairs = new ArrayList<PeerPair>();
    pairs.add(peers.pair(Implementation.WARREN, Implementation.WARREN));
    others.forEach(other -> pairs.add(peers.pair(other, other)));
    if (!sameOnly) {
      for (Implementation other : others) {
        pairs.add(peers.pair(Implementation.WARREN, other));
        pairs.add(peers.pair(other, Implementation.WARREN));
      }
    }
    return pairs;
  }
}
