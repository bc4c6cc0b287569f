package dev.warren.bench;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** The microbenchmarks. */
@Command(
    name = "jmh",
    description = {
      "JMH microbenchmarks: varint, multiaddr, yamux frame, noise record.",
      "Everything after the command goes to JMH: a pattern of names, -f 1, -prof gc, -h for more."
    },
    mixinStandardHelpOptions = true)
final class Jmh implements Callable<Integer> {
  @Parameters(arity = "0..*", paramLabel = "JMH-ARGUMENT")
  private List<String> arguments = List.of();

  @Override
  public Integer call() throws Exception {
    org.openjdk.jmh.Main.main(arguments.toArray(String[]::new));
    return 0;
  }
}
