package dev.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How soon a transfer goes on that was cut off: the receiver is killed when it has written nine
 * tenths, and started again.
 */
final class Resumption {
  private static final long MOVES = 4 << 20;

  /**
   * What it took to go on.
   *
   * @param movingSeconds from the start of the process until it had written some MiB
   * @param seconds until it had everything
   * @param receivedBytes what it had to be sent once more or for the first time
   */
  private record Result(double movingSeconds, double seconds, long receivedBytes) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "moves after %.2f s, done after %.2f s, %d MiB received",
          movingSeconds,
          seconds,
          receivedBytes >> 20);
    }
  }

  private Resumption() {}

  static String measure(int rounds, Path source, Path directory) throws IOException {
    List<Result> results =
        Rounds.run(rounds, List.of("resume"), _ -> once(source, directory)).get("resume");
    return new MarkdownTable("", "s (range)")
            .row("until new bytes move", Summary.of(results, Result::movingSeconds).text("%.2f"))
            .row("until all is there", Summary.of(results, Result::seconds).text("%.2f"))
            .toString()
        + "\nOf %,d MiB, %,.0f were sent after the cut."
            .formatted(
                Files.size(source) >> 20,
                Summary.of(results, result -> result.receivedBytes() >> 20).median());
  }

  private static Result once(Path source, Path directory) throws IOException {
    Path home = directory.resolve("home");
    Path into = Files.createDirectories(directory.resolve("into"));
    Files.createDirectories(home);
    Result result;
    try (var sharer = new WarrenCourier().offer(source, home)) {
      sharer.awaitReady();
      try (Program first = sharer.startReceiver(into)) {
        awaitWritten(first, Files.size(source) / 10 * 9);
        first.kill();
      }
      long begin = System.nanoTime();
      try (Program second = sharer.startReceiver(into)) {
        awaitWritten(second, MOVES);
        double moving = seconds(begin);
        long received = second.await("done").get("received_bytes").getAsLong();
        second.awaitSuccess();
        result = new Result(moving, seconds(begin), received);
      }
    }
    Freight.requireSame(source, into.resolve(source.getFileName().toString()));
    Freight.delete(home);
    Freight.delete(into);
    return result;
  }

  private static void awaitWritten(Program program, long bytes) throws IOException {
    while (written(program.pid()) < bytes) {
      Program.pause();
    }
  }

  /** What a process has written to files; its sockets do not count. */
  private static long written(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(pid), "io")).stream()
        .filter(line -> line.startsWith("write_bytes:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElseThrow(() -> new IOException("what a process has written cannot be read here"));
  }

  private static double seconds(long beginNanos) {
    return (System.nanoTime() - beginNanos) / 1e9;
  }
}
