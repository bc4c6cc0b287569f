package dev.warren.cli;

import java.io.Console;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/** Asks the person at the terminal, one thing at a time. */
final class Question {
  private final dev.warren.cli.Console console;
  private final ReentrantLock lock = new ReentrantLock();

  Question(dev.warren.cli.Console console) {
    this.console = console;
  }

  /** Whether there is anybody to ask. */
  boolean canBeAsked() {
    return !console.json() && console.interactive();
  }

  /** Asks for yes or no; no answer is a no. */
  boolean yes(String question) {
    return line(question + " [y/N] ")
        .map(answer -> answer.strip().toLowerCase(Locale.ROOT))
        .filter(answer -> answer.equals("y") || answer.equals("yes"))
        .isPresent();
  }

  /** Asks for a line; nothing when there is nobody. */
  @SuppressWarnings("SystemConsoleNull") // on 22 to 24 it never was; since 25 it is again
  Optional<String> line(String prompt) {
    Console terminal = System.console();
    if (!canBeAsked() || terminal == null) {
      return Optional.empty();
    }
    lock.lock();
    try {
      console.endStatus();
      return Optional.ofNullable(terminal.readLine("%s", prompt));
    } finally {
      lock.unlock();
    }
  }
}
