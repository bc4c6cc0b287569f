package dev.warren.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Where the command speaks: results to standard output, all else to standard error.
 *
 * <p>A result has two forms, a text for people and an object for programs, of which one is written.
 * Safe for use by many threads.
 */
final class Console {
  private static final String CLEAR_LINE = "\r\u001b[2K";

  private final PrintWriter out;
  private final PrintWriter err;
  private final Map<String, String> environment;
  private final Runnable onClosed;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean statusShown; // guarded by lock
  private volatile boolean json;
  private volatile boolean verbose;

  /**
   * @param onClosed called when nobody reads the results any more
   */
  Console(PrintWriter out, PrintWriter err, Map<String, String> environment, Runnable onClosed) {
    this.out = out;
    this.err = err;
    this.environment = environment;
    this.onClosed = onClosed;
  }

  void configure(boolean asJson, boolean withDetails) {
    json = asJson;
    verbose = withDetails;
  }

  boolean json() {
    return json;
  }

  boolean verbose() {
    return verbose;
  }

  Map<String, String> environment() {
    return environment;
  }

  /** Puts a text on the clipboard of the terminal that shows this, where it lets us. */
  void copy(String text) {
    if (interactive() && !environment.getOrDefault("TERM", "").equals("dumb")) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      err.print("\u001b]52;c;" + Base64.getEncoder().encodeToString(bytes) + "\u0007");
      err.flush();
    }
  }

  PrintWriter out() {
    return out;
  }

  PrintWriter err() {
    return err;
  }

  /** Whether a person is watching, who may be shown what will be overwritten. */
  @SuppressWarnings("SystemConsoleNull") // on 22 to 24 it never was; since 25 it is again
  boolean interactive() {
    java.io.Console terminal = System.console();
    return terminal != null && terminal.isTerminal();
  }

  /** Whether to colour, see no-color.org. */
  boolean coloured() {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !environment.getOrDefault("TERM", "").equals("dumb")
        && interactive();
  }

  /** How many columns a line may have; where no terminal shows it, any number. */
  int columns() {
    return interactive() ? TerminalWidth.of(environment) : Integer.MAX_VALUE;
  }

  /** Writes a result. */
  void say(Supplier<String> text, Supplier<JsonObject> object) {
    if (json) {
      write(object.get().toString());
    } else {
      write(text.get());
    }
  }

  /** Writes a result that programs have got otherwise. */
  void sayToPeople(String text) {
    if (!json) {
      write(text);
    }
  }

  /** Writes a result that only programs need, such as one that follows from what was said. */
  void sayToPrograms(Supplier<JsonObject> object) {
    if (json) {
      write(object.get().toString());
    }
  }

  /** Tells the user something that is no result. */
  void note(String text) {
    lock.lock();
    try {
      hideStatus();
      err.println(text);
      err.flush();
    } finally {
      lock.unlock();
    }
  }

  /** Shows how things stand, in place of the last status; only where {@link #interactive}. */
  void status(String text) {
    lock.lock();
    try {
      err.print(CLEAR_LINE + text);
      err.flush();
      statusShown = true;
    } finally {
      lock.unlock();
    }
  }

  /** Leaves the terminal as it was before the first status. */
  void endStatus() {
    lock.lock();
    try {
      hideStatus();
    } finally {
      lock.unlock();
    }
  }

  private void write(String line) {
    lock.lock();
    try {
      hideStatus();
      out.println(line);
      if (out.checkError()) { // flushes too
        onClosed.run();
      }
    } finally {
      lock.unlock();
    }
  }

  private void hideStatus() {
    if (statusShown) {
      err.print(CLEAR_LINE);
      err.flush();
      statusShown = false;
    }
  }
}
