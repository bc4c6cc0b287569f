package dev.warren.bench;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A command in a process of its own, watched with all that it starts. For one thread. */
final class Program implements AutoCloseable {
  private static final long END_TIMEOUT_SECONDS = 10;
  private static final long POLL_MILLIS = 20;

  private final List<String> command;
  private final Process process;
  private final Path log;
  private final BufferedReader output;
  private final ProcessTree tree;

  private Program(List<String> command, Process process, Path log) {
    this.command = command;
    this.process = process;
    this.log = log;
    this.output = process.inputReader(StandardCharsets.UTF_8);
    this.tree = new ProcessTree(process.pid());
  }

  /** Starts a command; all that it says goes to the log. */
  static Program start(List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    return start(builder(command, environment, log).redirectErrorStream(true), log);
  }

  /** Starts a command that says what happens in lines of JSON; everything else goes to the log. */
  static Program startTelling(List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    return start(
        builder(command, environment, log)
            .redirectOutput(ProcessBuilder.Redirect.PIPE)
            .redirectError(log.toFile()),
        log);
  }

  private static ProcessBuilder builder(
      List<String> command, Map<String, String> environment, Path log) throws IOException {
    Files.createDirectories(log.toAbsolutePath().getParent());
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return builder;
  }

  private static Program start(ProcessBuilder builder, Path log) throws IOException {
    try {
      return new Program(builder.command(), builder.start(), log);
    } catch (IOException e) {
      throw new IOException(
          "'%s' cannot be started: install it, or name others with --beside"
              .formatted(builder.command().getFirst()),
          e);
    }
  }

  long pid() {
    return process.pid();
  }

  /** The next object of a kind, past those of others. */
  JsonObject await(String event) throws IOException {
    return output
        .lines()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .filter(object -> object.get("event").getAsString().equals(event))
        .findFirst()
        .orElseThrow(() -> failure("said nothing of '" + event + "'"));
  }

  /** Waits until the log has a text. */
  void awaitText(String text) throws IOException {
    while (!Files.readString(log, StandardCharsets.ISO_8859_1).contains(text)) {
      if (!process.isAlive()) {
        throw failure("did not say '" + text + "'");
      }
      pause();
    }
  }

  /** Waits for the end; yields whether it was a good one. */
  boolean succeeds() throws IOException {
    try {
      return process.waitFor() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** Waits for the end, which has to be a good one. */
  void awaitSuccess() throws IOException {
    if (!succeeds()) {
      throw failure("failed");
    }
  }

  /** Ends the process at once, as a crash would. */
  void kill() throws IOException {
    process.destroyForcibly();
    succeeds();
  }

  /** What the process and its children have taken. */
  ProcessMeter.Reading taken() {
    return tree.read();
  }

  private IOException failure(String what) {
    String said;
    try {
      said = Files.readString(log, StandardCharsets.ISO_8859_1).strip();
    } catch (IOException e) {
      said = e.toString();
    }
    return new IOException(
        "'%s' %s: %s"
            .formatted(
                String.join(" ", command), what, said.substring(Math.max(0, said.length() - 500))));
  }

  /** Lets others work a moment, where there is nothing but asking again. */
  static void pause() {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
  }

  /** Ends the process and its children, in good order if they can. */
  @Override
  public void close() throws IOException {
    tree.close();
    List<ProcessHandle> children = process.descendants().toList();
    process.toHandle().destroy();
    try {
      if (!process.waitFor(END_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    children.forEach(ProcessHandle::destroyForcibly);
  }
}
