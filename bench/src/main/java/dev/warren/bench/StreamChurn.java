package dev.warren.bench;

import dev.warren.interop.Implementation;
import dev.warren.interop.Transport;
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

/** How many streams a second can be opened, used and closed on one connection. */
@Command(
    name = "churn",
    description = "Streams a second over one connection: open, echo 32 bytes, close.",
    mixinStandardHelpOptions = true)
final class StreamChurn implements Callable<Integer> {
  @Option(
      names = "--parallel",
      split = ",",
      defaultValue = "1,16,64,256",
      description = "Streams at the same time (default: ${DEFAULT-VALUE}).")
  private List<Integer> parallel = List.of();

  @Option(
      names = "--count",
      defaultValue = "100000",
      description =
          "Streams of each measurement, a fifth of it for one at a time (default:"
              + " ${DEFAULT-VALUE}).")
  private int count;

  @Option(
      names = "--beside",
      split = ",",
      defaultValue = "go,rust",
      description = "The implementations to compare with (default: ${DEFAULT-VALUE}).")
  private Set<Implementation> others = Set.of();

  @Mixin private final Repetition repetition = new Repetition();
  @Mixin private final Report report = new Report();

  private record Subject(PeerPair pair, int parallel) {
    @Override
    public String toString() {
      return pair.name() + ", " + parallel + " at a time";
    }
  }

  @Override
  public Integer call() throws IOException {
    var all = EnumSet.of(Implementation.WARREN);
    all.addAll(others);
    try (Peers peers = Peers.start(all, Transport.TCP)) {
      var subjects = new ArrayList<Subject>();
      for (int width : parallel) {
        all.forEach(each -> subjects.add(new Subject(peers.pair(each, each), width)));
      }
      Map<Subject, List<PeerPair.Churn>> results =
          Rounds.run(repetition.rounds(), subjects, this::measure);
      var table =
          new MarkdownTable(
              "dialer → listener",
              "at a time",
              "streams/s (range)",
              "dialer CPU µs/stream",
              "listener CPU µs/stream");
      results.forEach(
          (subject, taken) ->
              table.row(
                  subject.pair.name(),
                  Integer.toString(subject.parallel),
                  Summary.of(taken, PeerPair.Churn::streamsPerSecond).text("%,.0f"),
                  "%.0f".formatted(Summary.of(taken, PeerPair.Churn::dialerMicros).median()),
                  "%.0f".formatted(Summary.of(taken, PeerPair.Churn::listenerMicros).median())));
      report.publish(peers.versions() + "\n\nTarget: ≥ 20,000 streams/s on two cores.\n\n" + table);
      return 0;
    }
  }

  private PeerPair.Churn measure(Subject subject) throws IOException {
    return subject.pair.churn(subject.parallel == 1 ? count / 5 : count, subject.parallel);
  }
}
