package dev.warren.cli.endtoend;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/** A {@code warren} that was started with {@code --json}, and what it says. */
public final class WarrenProcess implements AutoCloseable {
  /** Tests run in their module. */
  private static final Path LAUNCHER =
      Path.of(System.getProperty("warren.launcher", "../warren")).toAbsolutePath().normalize();

  private static final Duration END = Duration.ofMinutes(1);

  /** The bit of SIGINT in the mask of ignored signals. */
  private static final long SIGINT_MASK = 1L << 1;

  private record Said(long nanos, JsonObject event) {
    boolean is(String kind) {
      return event.get("event").getAsString().equals(kind);
    }
  }

  private final List<String> line;
  private final Process process;
  private final Path errors;
  private final Thread reader;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private final List<Said> said = new ArrayList<>();
  private boolean ended;

  private WarrenProcess(List<String> line, Process process, Path errors) {
    this.line = line;
    this.process = process;
    this.errors = errors;
    reader = Thread.ofPlatform().daemon().name("output").unstarted(this::read);
  }

  /**
   * Starts one.
   *
   * @param prefix a command that runs the one behind it; may be empty
   * @param home a folder for all that it keeps
   */
  public static WarrenProcess start(List<String> prefix, Path home, List<String> arguments)
      throws IOException {
    List<String> line = new ArrayList<>(prefix);
    line.addAll(commandLine(arguments));
    Files.createDirectories(home);
    Path errors = Files.createTempFile(home, "stderr", ".txt");
    var builder = new ProcessBuilder(line).directory(home.toFile()).redirectError(errors.toFile());
    builder.environment().put("HOME", home.toString());
    builder.environment().put("LC_ALL", "C"); // the poorest that there is
    var started = new WarrenProcess(line, builder.start(), errors);
    started.reader.start();
    return started;
  }

  /** What a shell would be told. */
  static List<String> commandLine(List<String> arguments) {
    List<String> line = new ArrayList<>(List.of(LAUNCHER.toString()));
    line.addAll(arguments);
    return line;
  }

  private void read() {
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      for (String text = output.readLine(); text != null; text = output.readLine()) {
        JsonObject event = JsonParser.parseString(text).getAsJsonObject();
        note(() -> said.add(new Said(System.nanoTime(), event)));
      }
    } catch (IOException e) {
      // It was killed amid a line.
    } finally {
      note(() -> ended = true);
    }
  }

  private void note(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the first event of a kind. */
  public JsonObject await(Duration timeout, String kind) {
    return await(timeout, kind, said -> said.is(kind));
  }

  /** Waits for the first event that has this text in it. */
  public JsonObject awaitText(Duration timeout, String text) {
    return await(timeout, text, said -> said.event.toString().contains(text));
  }

  private JsonObject await(Duration timeout, String what, Predicate<Said> wanted) {
    if (!awaitMore(timeout, wanted, 0)) {
      throw new ChaosException("it ended without '%s'\n%s".formatted(what, this));
    }
    lock.lock();
    try {
      return said.stream().filter(wanted).findFirst().orElseThrow().event;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for one more event of a kind.
   *
   * @return whether it came before the end
   */
  boolean awaitNext(Duration timeout, String kind) {
    return awaitMore(timeout, each -> each.is(kind), count(each -> each.is(kind)));
  }

  private boolean awaitMore(Duration timeout, Predicate<Said> wanted, long than) {
    long left = timeout.toNanos();
    lock.lock();
    try {
      while (count(wanted) <= than && !ended) {
        if (left <= 0) {
          throw new ChaosException("what was waited for did not come in time\n" + this);
        }
        left = changed.awaitNanos(left);
      }
      return count(wanted) > than;
    } catch (InterruptedException e) {
      throw new ChaosException("interrupted while waiting", e);
    } finally {
      lock.unlock();
    }
  }

  private long count(Predicate<Said> wanted) {
    lock.lock();
    try {
      return said.stream().filter(wanted).count();
    } finally {
      lock.unlock();
    }
  }

  /** The last event of a kind that is at least so old. */
  public Optional<JsonObject> last(String kind, Duration age) {
    long latest = System.nanoTime() - age.toNanos();
    lock.lock();
    try {
      return said.stream()
          .filter(each -> each.is(kind) && each.nanos - latest <= 0)
          .reduce((_, later) -> later)
          .map(Said::event);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until it has ended and all that it said has been read. */
  public void awaitEnd(Duration timeout) {
    try {
      if (!process.waitFor(timeout) || !reader.join(timeout)) {
        throw new ChaosException("it was to end, and did not\n" + this);
      }
    } catch (InterruptedException e) {
      throw new ChaosException("interrupted while waiting for an end", e);
    }
  }

  /** Waits so long for its end; returns whether it has come. */
  public boolean endsWithin(Duration time) {
    try {
      return process.waitFor(time);
    } catch (InterruptedException e) {
      throw new ChaosException("interrupted while waiting for an end", e);
    }
  }

  public boolean hasEnded() {
    return !process.isAlive();
  }

  /** Of one that has ended. */
  public int exitCode() {
    return process.exitValue();
  }

  /** Ends it as {@code kill -9} does. */
  public void kill() {
    process.destroyForcibly();
    awaitEnd(END);
  }

  /**
   * Ends it as Ctrl-C does, or as {@code kill} where whoever started us has Ctrl-C ignored. It may
   * have come to its end by itself just before.
   */
  public void stop() throws IOException {
    boolean ignored = interruptsAreIgnored();
    if (!hasEnded()) {
      signal(ignored ? "TERM" : "INT");
      awaitEnd(END);
    }
    if (exitCode() != (ignored ? 143 : 130) && exitCode() != 0) {
      throw new ChaosException("it was asked to stop, and failed\n" + this);
    }
  }

  private void signal(String name) throws IOException {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (InterruptedException e) {
      throw new ChaosException("interrupted while sending a signal", e);
    }
  }

  private static boolean interruptsAreIgnored() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> Long.parseUnsignedLong(line.substring("SigIgn:".length()).strip(), 16))
            .anyMatch(mask -> (mask & SIGINT_MASK) != 0);
  }

  /** What it said to people. */
  public String errors() {
    try {
      return Files.readString(errors);
    } catch (IOException e) {
      return "(cannot be read: " + e.getMessage() + ")";
    }
  }

  /** All that it said, for whoever is to find out what went wrong. */
  @Override
  public String toString() {
    var text = new StringBuilder(String.join(" ", line)).append('\n');
    lock.lock();
    try {
      for (Said each : said) {
        text.append("  ").append(each.nanos / 1_000_000 % 1_000_000).append(" ms ");
        text.append(each.event).append('\n');
      }
    } finally {
      lock.unlock();
    }
    text.append(errors().indent(2));
    if (!process.isAlive()) {
      text.append("  exit code ").append(process.exitValue()).append('\n');
    }
    return text.toString();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      var _ = process.waitFor(END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
