package dev.warren.bench;

import dev.warren.interop.Implementation;
import dev.warren.interop.PeerProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How many round trips it takes to connect and get a first byte back. */
@Command(
    name = "connect",
    description = "Round trips from nothing to one byte echoed, through a relay that delays.",
    mixinStandardHelpOptions = true)
final class ConnectLatency implements Callable<Integer> {
  @Option(
      names = "--one-way-millis",
      defaultValue = "25",
      description = "The delay of each direction (default: ${DEFAULT-VALUE}).")
  private int oneWayMillis;

  @Option(
      names = "--beside",
      split = ",",
      defaultValue = "go,rust",
      description = "The implementations to compare with (default: ${DEFAULT-VALUE}).")
  private Set<Implementation> others = Set.of();

  @Mixin private final Repetition repetition = new Repetition();
  @Mixin private final Report report = new Report();

  /** The times of the two commands, in round trips. */
  private record Taken(double dial, double echo) {
    double sum() {
      return dial + echo;
    }

    @Override
    public String toString() {
      return "%.2f + %.2f round trips".formatted(dial, echo);
    }
  }

  @Override
  public Integer call() throws IOException {
    var all = EnumSet.of(Implementation.WARREN);
    all.addAll(others);
    try (Peers peers = Peers.start(all)) {
      var pairs = new ArrayList<PeerPair>();
      for (Implementation dialer : all) {
        pairs.add(peers.pair(dialer, dialer));
      }
      for (Implementation other : others) {
        pairs.add(peers.pair(Implementation.WARREN, other));
        pairs.add(peers.pair(other, Implementation.WARREN));
      }
      Map<PeerPair, List<Taken>> results = Rounds.run(repetition.rounds(), pairs, this::measure);
      var table = new MarkdownTable("dialer → listener", "dial", "first echo", "together (range)");
      results.forEach(
          (pair, taken) ->
              table.row(
                  pair.name(),
                  "%.2f".formatted(Summary.of(taken, Taken::dial).median()),
                  "%.2f".formatted(Summary.of(taken, Taken::echo).median()),
                  Summary.of(taken, Taken::sum).text("%.2f")));
      report.publish(
          peers.versions()
              + "\n\nIn round trips of %d ms. Target: 3 for warren → warren.\n\n"
                  .formatted(2 * oneWayMillis)
              + table);
      return 0;
    }
  }

  private Taken measure(PeerPair pair) throws IOException {
    PeerProcess dialer = pair.dialer();
    PeerProcess listener = pair.listener();
    // /ip4/127.0.0.1/tcp/PORT/p2p/ID
    String[] address = listener.address().split("/", -1);
    try (DelayRelay relay =
        DelayRelay.start(Integer.parseInt(address[4]), Duration.ofMillis(oneWayMillis))) {
      address[4] = Integer.toString(relay.port());
      long start = System.nanoTime();
      dialer.call("dial", "addr", String.join("/", address));
      long connected = System.nanoTime();
      dialer.call("echo", "peer", listener.id(), "bytes", 1);
      long echoed = System.nanoTime();
      dialer.call("disconnect", "peer", listener.id());
      return new Taken(roundTrips(connected - start), roundTrips(echoed - connected));
    }
  }

  private double roundTrips(long nanos) {
    return nanos / (2e6 * oneWayMillis);
  }
}
