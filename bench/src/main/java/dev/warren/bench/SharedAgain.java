package dev.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** How soon all of a folder can be received that was shared before and has not changed since. */
final class SharedAgain {
  /** From the start of the process until there is a code, and until everything is available. */
  private record Result(double codeSeconds, double seconds, ProcessMeter.Reading taken) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT, "code after %.2f s, all after %.2f s", codeSeconds, seconds);
    }
  }

  private SharedAgain() {}

  static String measure(int rounds, Path source, Path directory) throws IOException {
    Path home = Files.createDirectories(directory.resolve("home"));
    Result first = once(source, home);
    List<Result> again = Rounds.run(rounds, List.of("again"), _ -> once(source, home)).get("again");
    var table =
        new MarkdownTable(
            "%,d files".formatted(Freight.files(source).size()),
            "code, s",
            "all available, s (range)",
            "CPU s",
            "peak MiB");
    row(table, "for the first time", List.of(first));
    row(table, "again", again);
    return table.toString();
  }

  private static void row(MarkdownTable table, String name, List<Result> results) {
    table.row(
        name,
        "%.2f".formatted(Summary.of(results, Result::codeSeconds).median()),
        Summary.of(results, Result::seconds).text("%.2f"),
        "%.2f".formatted(Summary.of(results, result -> result.taken().cpuSeconds()).median()),
        "%.0f"
            .formatted(
                Summary.of(results, result -> result.taken().peakBytes()).highest() / (1 << 20)));
  }

  private static Result once(Path source, Path home) throws IOException {
    long begin = System.nanoTime();
    try (var sharer = new WarrenCourier().offer(source, home)) {
      double code = (System.nanoTime() - begin) / 1e9;
      sharer.awaitReady();
      return new Result(code, (System.nanoTime() - begin) / 1e9, sharer.taken());
    }
  }
}
