package dev.warren.cli.endtoend;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Rounds of transfers in which things go wrong. */
@Command(
    name = "scripts/chaos",
    mixinStandardHelpOptions = true,
    description = {
      "Shares and receives random folders by processes of their own, and has things go wrong.",
      "",
      "In each round some are killed, connections are cut, sources lie, and so on. In the end each"
          + " receiver must have the same folder or say why not, and at no time may anything be"
          + " under its name that is not whole. What a failed round leaves stays where it says."
    },
    footer = {"", "Exit codes: 0 all rounds were good, 1 one was not."})
final class Chaos implements Callable<Integer> {
  @Option(names = "--rounds", paramLabel = "N", description = "Default: ${DEFAULT-VALUE}.")
  private int rounds = 10;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "Of the first round; each next one has the next. Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--jobs",
      paramLabel = "N",
      description = "Rounds at a time. Default: ${DEFAULT-VALUE}.")
  private int jobs = 1;

  @Spec private CommandSpec spec;

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock.
  private final Map<Mishap, Integer> mishaps = new EnumMap<>(Mishap.class);
  private final Map<Integer, Integer> exitCodes = new TreeMap<>();
  private int failed;

  public static void main(String[] args) {
    Runtime.getRuntime().addShutdownHook(new Thread(Chaos::endAll));
    System.exit(new CommandLine(new Chaos()).execute(args));
  }

  /** Nobody is left behind when we are stopped. */
  private static void endAll() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public Integer call() {
    long begin = System.nanoTime();
    try (var pool = Executors.newFixedThreadPool(jobs)) {
      LongStream.range(seed, seed + rounds)
          .forEach(each -> pool.execute(() -> play(Plan.of(each))));
    }
    var table = new StringBuilder("\n| what | how often |\n|---|--:|\n");
    table.append("| rounds, %.0f s | %d |%n".formatted(secondsSince(begin), rounds));
    lock.lock();
    try {
      mishaps.forEach((mishap, count) -> row(table, mishap.description(), count));
      exitCodes.forEach((code, count) -> row(table, "receivers that ended with " + code, count));
      row(table, "rounds that failed", failed);
      tell(table.toString());
      return failed == 0 ? 0 : 1;
    } finally {
      lock.unlock();
    }
  }

  private static void row(StringBuilder table, String what, int count) {
    table.append("| %s | %d |%n".formatted(what, count));
  }

  private void play(Plan plan) {
    long begin = System.nanoTime();
    Optional<Path> folder = Optional.empty();
    try {
      folder = Optional.of(Files.createTempDirectory("warren-chaos-" + plan.seed() + "-"));
      Round.Result result;
      try (var round = new Round(plan, folder.get())) {
        result = round.run();
      }
      delete(folder.get());
      note(result);
      tell(
          "seed %d: %.1f MiB in %.1f s, %s, ended with %s"
              .formatted(
                  plan.seed(),
                  result.contentBytes() / 1048576.0,
                  secondsSince(begin),
                  result.mishaps(),
                  result.exitCodes()));
    } catch (IOException | RuntimeException e) {
      noteFailure();
      var trace = new StringWriter();
      e.printStackTrace(new PrintWriter(trace));
      tell("seed %d FAILED, see %s%n%s".formatted(plan.seed(), folder, trace));
    }
  }

  private void note(Round.Result result) {
    lock.lock();
    try {
      result.mishaps().forEach((mishap, count) -> mishaps.merge(mishap, count, Integer::sum));
      result.exitCodes().forEach(code -> exitCodes.merge(code, 1, Integer::sum));
    } finally {
      lock.unlock();
    }
  }

  private void noteFailure() {
    lock.lock();
    try {
      failed++;
    } finally {
      lock.unlock();
    }
  }

  private void tell(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(text);
    out.flush();
  }

  private static double secondsSince(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException failure)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
