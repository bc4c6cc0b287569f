package dev.warren.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.openjdk.jmh.Main;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** The microbenchmarks. */
@Command(
    name = "jmh",
    description = {
      "JMH microbenchmarks: varint, multiaddr, yamux frame, noise record.",
      "All arguments go to JMH: a pattern of names, -f 1, -prof gc; its own help is jmh -- -h."
    },
    mixinStandardHelpOptions = true)
final class Jmh implements Callable<Integer> {
  @Unmatched private final List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    Main.main(arguments.toArray(String[]::new));
    return 0;
  }
}
