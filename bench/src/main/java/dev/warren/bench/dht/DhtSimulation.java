package dev.warren.bench.dht;

import dev.warren.bench.MarkdownTable;
import dev.warren.bench.Report;
import dev.warren.libp2p.dht.provide.Sweep;
import dev.warren.libp2p.dht.routing.Key;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What finding and providing take in networks of many sizes. */
@Command(
    name = "dht",
    description = "Simulates networks of the DHT in virtual time, with dead peers and churn.",
    mixinStandardHelpOptions = true)
public final class DhtSimulation implements Callable<Integer> {
  @Option(
      names = "--nodes",
      split = ",",
      defaultValue = "1000,10000,100000",
      description = "Sizes of the networks (default: ${DEFAULT-VALUE}).")
  private List<Integer> sizes = List.of();

  @Option(
      names = "--dead",
      split = ",",
      defaultValue = "0,10,30",
      description =
          "Per cent of the peers in all tables that are gone (default: ${DEFAULT-VALUE}).")
  private List<Integer> dead = List.of();

  @Option(
      names = "--churn-nodes",
      split = ",",
      defaultValue = "1000,10000",
      description =
          "Sizes of the networks whose peers come and go, with a median session of 20 minutes"
              + " (default: ${DEFAULT-VALUE}).")
  private List<Integer> churnSizes = List.of();

  @Option(
      names = "--operations",
      defaultValue = "1000",
      description = "How many records are provided and looked for (default: ${DEFAULT-VALUE}).")
  private int operations;

  @Option(
      names = "--round-trip-millis",
      defaultValue = "50",
      description = "Mean round trip between two peers (default: ${DEFAULT-VALUE}).")
  private int roundTripMillis;

  @Option(
      names = "--keys",
      defaultValue = "10000",
      description = "Keys of one node that are provided again (default: ${DEFAULT-VALUE}).")
  private int keys;

  @Option(names = "--seed", defaultValue = "1", description = "Of all chance.")
  private long seed;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      description = "Also draw hops and times by the number of peers into this file, docs/dht.svg.")
  private @Nullable Path plot;

  @Mixin private final Report report = new Report();

  @Override
  public Integer call() throws IOException {
    var table =
        new MarkdownTable(
            "peers",
            "gone",
            "found",
            "hops",
            "requests",
            "ms median (95 %)",
            "stored with",
            "requests to store",
            "ms to store median (95 %)");
    var hops = new LineChart("hops to a record, by peers");
    var times = new LineChart("median ms to find it, by peers");
    for (int percent : dead) {
      List<double[]> ofHops = new ArrayList<>();
      List<double[]> ofTimes = new ArrayList<>();
      for (int size : sizes) {
        System.err.printf("%d peers, %d %% gone%n", size, percent);
        var world = new World(roundTripMillis, seed);
        world.populate(size);
        Collections.shuffle(world.nodes, new Random(seed));
        world.nodes.subList(0, size * percent / 100).forEach(node -> node.alive = false);
        Tally found = row(table, size, percent + " %", world, 0);
        ofHops.add(new double[] {size, found.mean(Operations.Outcome::hops)});
        ofTimes.add(new double[] {size, found.millis(0.5)});
      }
      hops.add(new LineChart.Line(percent + " % gone", ofHops));
      times.add(new LineChart.Line(percent + " % gone", ofTimes));
    }
    for (int size : churnSizes) {
      System.err.printf("%d peers that come and go%n", size);
      var world = new World(roundTripMillis, seed);
      world.populate(size);
      new Churn(world, 20).start();
      world.time.runUntil(40 * VirtualTime.MINUTES);
      row(table, size, "churn", world, 10 * VirtualTime.MINUTES);
    }
    if (plot != null) {
      Files.writeString(plot, LineChart.beside(List.of(hops, times)));
    }
    report.publish(
        "Round trips of %d ms on average, dialing takes two more.%n%n%s%n%s"
            .formatted(roundTripMillis, table, sweep()));
    return 0;
  }

  /**
   * Provides records, lets them age, and looks for those that somebody still has.
   *
   * @return what became of looking for them
   */
  private Tally row(MarkdownTable table, int size, String gone, World world, long ageNanos) {
    var operations = new Operations(world);
    var provided = new Tally();
    var found = new Tally();
    for (int i = 0; i < this.operations; i++) {
      Node provider = world.acquaintedMember();
      Key record = world.newTarget().key();
      operations.provide(provider, record, provided::add);
      settle(world, ageNanos == 0 ? World.TIMEOUT_NANOS : 0, ageNanos == 0);
      long due = world.time.nanos() + ageNanos;
      world.time.after(
          due - world.time.nanos(),
          () -> {
            if (world.nodes.stream().anyMatch(n -> n.alive && n.records.contains(record))) {
              operations.find(world.anyMember(), record, found::add);
            }
          });
      settle(world, 100 * VirtualTime.MILLIS, ageNanos == 0);
    }
    settle(world, ageNanos + VirtualTime.MINUTES, ageNanos == 0);
    table.row(
        Integer.toString(size),
        gone,
        "%.1f %%".formatted(100 * found.success()),
        "%.1f".formatted(found.mean(Operations.Outcome::hops)),
        "%.0f".formatted(found.mean(Operations.Outcome::requests)),
        "%.0f (%.0f)".formatted(found.millis(0.5), found.millis(0.95)),
        "%.1f".formatted(provided.mean(Operations.Outcome::holders)),
        "%.0f".formatted(provided.mean(Operations.Outcome::requests)),
        "%.0f (%.0f)".formatted(provided.millis(0.5), provided.millis(0.95)));
    return found;
  }

  private static void settle(World world, long nanos, boolean quiet) {
    if (quiet) {
      world.time.runOut();
    } else {
      world.time.runUntil(world.time.nanos() + nanos);
    }
  }

  /** What it takes to provide many keys again, once. */
  private String sweep() {
    int size = 10_000;
    System.err.printf("%d keys provided again among %d peers%n", keys, size);
    var world = new World(roundTripMillis, seed);
    world.populate(size);
    Node node = world.acquaintedMember();
    OptionalDouble estimate = node.networkSize.estimate(world.time.nanos());
    var sweep = new Sweep(Duration.ofHours(22), Node.K, 0);
    for (int i = 0; i < keys; i++) {
      sweep.add(world.newTarget());
    }
    var cost = new SweepCost(world, node);
    for (int done = 0; done < keys; ) {
      Sweep.Batch batch = sweep.next(0, estimate);
      cost.take(batch);
      sweep.done(batch);
      done += batch.keys().size();
    }
    return "Providing %,d keys again among %,d peers, once in 22 hours: %s"
        .formatted(keys, size, cost);
  }
}
