package dev.warren.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Unmatched;

/** The microbenchmarks. */
@Command(
    name = "jmh",
    description = {
      "JMH microbenchmarks: varint, multiaddr, yamux frame, noise record.",
      "All other arguments go to JMH: a pattern of names, -f 1, -prof gc; -lp lists them."
    },
    mixinStandardHelpOptions = true)
final class Jmh implements Callable<Integer> {
  @Unmatched private final List<String> arguments = new ArrayList<>();

  @Mixin private final Report report = new Report();

  @Override
  public Integer call() throws Exception {
    var options = new CommandLineOptions(arguments.toArray(String[]::new));
    var runner = new Runner(options);
    if (options.shouldList() || options.shouldListWithParams()) {
      runner.listWithParams(options);
      return 0;
    }
    report.publish("Java " + Runtime.version() + "\n\n" + table(runner.run()));
    return 0;
  }

  private static MarkdownTable table(Collection<RunResult> results) {
    var table = new MarkdownTable("benchmark", "of", "time", "±");
    for (RunResult each : results) {
      BenchmarkParams params = each.getParams();
      String[] name = params.getBenchmark().split("\\.", -1);
      Result<?> result = each.getPrimaryResult();
      table.row(
          name[name.length - 2].replace("Benchmark", "") + ", " + name[name.length - 1],
          params.getParamsKeys().stream().map(params::getParam).collect(Collectors.joining(", ")),
          "%,.2f %s".formatted(result.getScore(), result.getScoreUnit()),
          "%,.2f".formatted(result.getScoreError()));
    }
    return table;
  }
}
