package dev.warren.bench.dht;

import dev.warren.bench.MarkdownTable;
import dev.warren.bench.Report;
import dev.warren.libp2p.dht.routing.Key;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What becomes of a key that somebody wants for himself. */
@Command(
    name = "eclipse",
    description = "Simulates the DHT with an attacker's peers around some keys.",
    mixinStandardHelpOptions = true)
public final class EclipseSimulation implements Callable<Integer> {
  private static final int KEYS_PER_WORLD = 10;
  private static final int FINDERS = 5;

  @Option(
      names = "--nodes",
      defaultValue = "10000",
      description = "Peers that keep to the protocol (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--sybils",
      split = ",",
      defaultValue = "0,20,40,100,400",
      description = "The attacker's peers around each key (default: ${DEFAULT-VALUE}).")
  private List<Integer> counts = List.of();

  @Option(
      names = "--worlds",
      defaultValue = "5",
      description =
          "How many networks, each with "
              + KEYS_PER_WORLD
              + " attacked keys (default: ${DEFAULT-VALUE}).")
  private int worlds;

  @Option(names = "--seed", defaultValue = "1", description = "Of all chance.")
  private long seed;

  @Mixin private final Report report = new Report();

  /** What came of it, for nodes that look out for crowds and for others that do not. */
  static final class Result {
    final Tally provided = new Tally();
    final Tally found = new Tally();
    long keepers;
  }

  @Override
  public Integer call() throws IOException {
    var table =
        new MarkdownTable(
            "around the key",
            "sybils",
            "found: plain",
            "wary",
            "honest keepers: plain",
            "wary",
            "requests to store: plain",
            "wary",
            "to find: plain",
            "wary",
            "ms to find, wary (95 %)");
    for (Attack attack : Attack.values()) {
      for (int count : counts) {
        if (count == 0 && attack != Attack.NEAREST) {
          continue; // there is nobody to attack
        }
        System.err.printf("%d peers, %d sybils %s%n", size, count, attack.title);
        var plain = new Result();
        var wary = new Result();
        for (int i = 0; i < worlds; i++) {
          run(attack, count, size, seed + i, plain, wary);
        }
        row(table, count == 0 ? "nobody" : attack.title, count, plain, wary);
      }
    }
    report.publish(table.toString());
    return 0;
  }

  private static void row(MarkdownTable table, String title, int count, Result plain, Result wary) {
    table.row(
        title,
        Integer.toString(count),
        "%.0f %%".formatted(100 * plain.found.success()),
        "%.0f %%".formatted(100 * wary.found.success()),
        "%.1f".formatted((double) plain.keepers / plain.provided.count()),
        "%.1f".formatted((double) wary.keepers / wary.provided.count()),
        "%.0f".formatted(plain.provided.mean(Operations.Outcome::requests)),
        "%.0f".formatted(wary.provided.mean(Operations.Outcome::requests)),
        "%.0f".formatted(plain.found.mean(Operations.Outcome::requests)),
        "%.0f".formatted(wary.found.mean(Operations.Outcome::requests)),
        "%.0f (%.0f)".formatted(wary.found.millis(0.5), wary.found.millis(0.95)));
  }

  /** Provides some attacked keys in one network, and looks for each from some places. */
  static void run(Attack attack, int count, int size, long seed, Result plain, Result wary) {
    var world = new World(50, seed);
    for (int i = 0; i < size; i++) {
      world.newNode();
    }
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < KEYS_PER_WORLD; i++) {
      keys.add(world.newTarget().key());
      attack.begin(world, keys.getLast(), count);
    }
    world.acquaint();
    for (Key key : keys) {
      attempt(world, key, new Operations(world, false), plain);
      world.nodes.forEach(node -> node.forget(key));
      attempt(world, key, new Operations(world, true), wary);
    }
  }

  private static void attempt(World world, Key key, Operations operations, Result result) {
    operations.provide(world.acquaintedMember(), key, result.provided::add);
    world.time.runOut();
    result.keepers += world.nodes.stream().filter(node -> node.records.contains(key)).count();
    for (int i = 0; i < FINDERS; i++) {
      operations.find(world.acquaintedMember(), key, result.found::add);
      world.time.runOut();
    }
  }
}
