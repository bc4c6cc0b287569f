package dev.warren.cli;

import java.io.InputStream;
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

  /** DECAWM: whether what is longer than the line goes on in the next, or is cut at its end. */
  private static final String CUT = "\u001b[?7l";

  private static final String WRAP = "\u001b[?7h";

  private final Terminals terminals;
  private final InputStream in;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Map<String, String> environment;
  private final Runnable onClosed;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean statusShown; // guarded by lock
  private String asked = ""; // a question without an answer, or empty; guarded by lock
  private volatile boolean json;
  private volatile boolean verbose;

  /**
   * @param onClosed called when nobody reads the results any more
   */
  Console(
      Terminals terminals,
      InputStream in,
      PrintWriter out,
      PrintWriter err,
      Map<String, String> environment,
      Runnable onClosed) {
    this.terminals = terminals;
    this.in = in;
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
    if (terminals.output() && !dumb()) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      out.print("\u001b]52;c;" + Base64.getEncoder().encodeToString(bytes) + "\u0007");
      out.flush();
    }
  }

  InputStream in() {
    return in;
  }

  PrintWriter out() {
    return out;
  }

  PrintWriter err() {
    return err;
  }

  Terminals terminals() {
    return terminals;
  }

  /** Whether a person is watching, who may be shown what will be overwritten. */
  boolean interactive() {
    return terminals.error() && !dumb();
  }

  /** Whether there is somebody who can be asked. */
  boolean canAsk() {
    return terminals.input() && terminals.error() && !json;
  }

  /** Whether to colour results, see no-color.org. */
  boolean coloured() {
    return environment.getOrDefault("NO_COLOR", "").isEmpty() && terminals.output() && !dumb();
  }

  private boolean dumb() {
    return environment.getOrDefault("TERM", "").equals("dumb");
  }

  /** How many columns a line may have; where no terminal shows it, any number. */
  int columns() {
    return terminals.output() ? TerminalWidth.of(environment) : Integer.MAX_VALUE;
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
      err.print(asked);
      err.flush();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Shows how things stand, in place of the last status; only where {@link #interactive}. What does
   * not fit is cut, so the most important comes first.
   */
  void status(String text) {
    lock.lock();
    try {
      if (asked.isEmpty()) {
        err.print(CLEAR_LINE + CUT + text + WRAP);
        err.flush();
        statusShown = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Shows a question, which stays the last line until it is answered. */
  void ask(String question) {
    lock.lock();
    try {
      hideStatus();
      asked = question;
      err.print(question);
      err.flush();
    } finally {
      lock.unlock();
    }
  }

  /** There is an answer, or none is waited for any more. */
  void answered() {
    lock.lock();
    try {
      asked = "";
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
    if (statusShown || !asked.isEmpty()) {
      err.print(asked.isEmpty() ? CLEAR_LINE : "\n");
      err.flush();
      statusShown = false;
    }
  }
}
