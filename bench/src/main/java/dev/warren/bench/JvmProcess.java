package dev.warren.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A main class of this module in a process of its own, which answers each line of its input with
 * one line. For one thread.
 */
final class JvmProcess implements AutoCloseable {
  private static final long END_TIMEOUT_SECONDS = 5;

  private final Class<?> main;
  private final Process process;
  private final BufferedWriter input;
  private final BufferedReader output;

  private JvmProcess(Class<?> main, Process process) {
    this.main = main;
    this.process = process;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  static JvmProcess start(Class<?> main, String... arguments) throws IOException {
    var line = new ArrayList<String>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    line.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    Collections.addAll(line, arguments);
    return new JvmProcess(
        main, new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  long pid() {
    return process.pid();
  }

  /** Sends a line and waits for the answer. */
  String ask(String line) throws IOException {
    input.write(line);
    input.newLine();
    input.flush();
    return answer();
  }

  /** Waits for a line. */
  String answer() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new IOException("the process of " + main.getSimpleName() + " ended unexpectedly");
    }
    return line;
  }

  /** Ends the process: by the end of its input, and by force when that does not help. */
  @Override
  public void close() throws IOException {
    try {
      input.close();
    } catch (IOException e) {
      // It has ended already.
    }
    try {
      if (!process.waitFor(END_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
