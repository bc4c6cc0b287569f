package dev.warren.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether a host that has been through a lot holds on to anything. */
@Command(
    name = "soak",
    description = {
      "Whether connections and streams that end in every way leave anything behind.",
      "Fails when threads, descriptors or memory are left over. Needs two file descriptors a"
          + " connection, and some more."
    },
    mixinStandardHelpOptions = true)
final class Soak implements Callable<Integer> {
  /**
   * Threads that carry virtual ones come and go, pollers open descriptors of their own, and the
   * collector is free to keep a little.
   */
  static final Census.Tolerance TOLERANCE = new Census.Tolerance(4, 0, 4, 8 << 20);

  @Option(
      names = "--connections",
      defaultValue = "2000",
      description = "Connections at the same time (default: ${DEFAULT-VALUE}).")
  private int connections;

  @Option(
      names = "--seconds",
      defaultValue = "120",
      description = "How long (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Mixin private final Report report = new Report();

  @Override
  public Integer call() throws IOException, InterruptedException {
    SoakRun.Outcome outcome;
    try (var run = new SoakRun(connections)) {
      Duration duration = Duration.ofSeconds(seconds);
      outcome = run.run(duration.dividedBy(10), duration, TOLERANCE);
    }
    Census before = outcome.before();
    Census after = outcome.after();
    boolean clean = after.isWithin(before, TOLERANCE);
    var table =
        new MarkdownTable("", "before", "after", "allowed growth")
            .row(
                row(
                    "platform threads",
                    before.platformThreads(),
                    after.platformThreads(),
                    TOLERANCE.platformThreads()))
            .row(
                row(
                    "virtual threads",
                    before.virtualThreads(),
                    after.virtualThreads(),
                    TOLERANCE.virtualThreads()))
            .row(
                row(
                    "descriptors",
                    before.descriptors(),
                    after.descriptors(),
                    TOLERANCE.descriptors()))
            .row(
                row(
                    "heap after GC, KiB",
                    before.heapBytes() >> 10,
                    after.heapBytes() >> 10,
                    TOLERANCE.heapBytes() >> 10));
    report.publish(
        "Java %s, %,d connections at a time; done: %s.\n\n%s\n%s"
            .formatted(
                Runtime.version(),
                connections,
                outcome.done().entrySet().stream()
                    .map(
                        entry ->
                            "%,d %s"
                                .formatted(
                                    entry.getValue(),
                                    entry
                                        .getKey()
                                        .name()
                                        .toLowerCase(Locale.ROOT)
                                        .replace('_', ' ')))
                    .collect(Collectors.joining(", ")),
                table,
                clean ? "Nothing is left over." : "**Something is left over.**"));
    return clean ? 0 : 1;
  }

  private static String[] row(String name, long before, long after, long allowed) {
    return new String[] {
      name, "%,d".formatted(before), "%,d".formatted(after), "%,d".formatted(allowed)
    };
  }
}
