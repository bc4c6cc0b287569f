package dev.warren.cli.endtoend;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long it takes from the words to the files. */
@Command(
    name = "scripts/dht-network",
    mixinStandardHelpOptions = true,
    description = {
      "Starts a network of processes on this machine, 'warren dht serve' each, shares a file in it"
          + " by words, and receives it with nothing but the words and the address of one node.",
      "",
      "Prints how long that took, from the start of 'warren receive' to the end of the file."
    },
    footer = {"", "Exit codes: 0 received each time, 1 not."})
final class DhtNetwork implements Callable<Integer> {
  @Option(names = "--nodes", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int nodes = 30;

  @Option(
      names = "--receivers",
      paramLabel = "N",
      description = "One after the other, each a new one. Default: ${DEFAULT-VALUE}.")
  private int receivers = 5;

  public static void main(String[] args) {
    System.exit(new CommandLine(new DhtNetwork()).execute(args));
  }

  @Override
  public Integer call() throws Exception {
    Path folder = Files.createTempDirectory("dht-network");
    List<Duration> times = new ArrayList<>();
    try (var network = new WordsOverDht(folder)) {
      Runtime.getRuntime().addShutdownHook(new Thread(network::close));
      network.start(nodes);
      System.out.printf("%d nodes are in the network.%n", nodes);
      String words = network.share();
      for (int i = 1; i <= receivers; i++) {
        Duration took = network.receive("receiver" + i, words);
        times.add(took);
        System.out.printf("receiver %d: %.2f s%n", i, took.toMillis() / 1e3);
      }
    }
    Collections.sort(times);
    System.out.printf("median: %.2f s%n", times.get(times.size() / 2).toMillis() / 1e3);
    System.out.printf("what the processes left is in %s%n", folder);
    return 0;
  }
}
