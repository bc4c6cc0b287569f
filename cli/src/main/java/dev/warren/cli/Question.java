package dev.warren.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;

/** Asks the person at the terminal, one thing at a time. One for each command. */
final class Question {
  private final Console console;
  private final Interruption interruption;
  private final BufferedReader answers;
  private final ReentrantLock lock = new ReentrantLock();

  Question(Session session) {
    console = session.console();
    interruption = session.interruption();
    answers = new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
  }

  /** Asks for yes or no; no answer is a no. */
  boolean yes(String question) {
    return line(question + " [y/N] ")
        .map(answer -> answer.strip().toLowerCase(Locale.ROOT))
        .filter(answer -> answer.equals("y") || answer.equals("yes"))
        .isPresent();
  }

  /** Asks for a line; nothing when there is nobody, or who is there wishes to stop. */
  Optional<String> line(String prompt) {
    if (!console.canAsk()) {
      return Optional.empty();
    }
    lock.lock();
    try {
      console.ask(prompt);
      var answer = new CompletableFuture<Optional<String>>();
      Thread.ofPlatform().daemon().name("warren-answer").start(() -> answer.complete(read()));
      try (var _ = interruption.onRequest(() -> answer.complete(Optional.empty()))) {
        return answer.join();
      }
    } finally {
      console.answered();
      lock.unlock();
    }
  }

  private Optional<String> read() {
    try {
      return Optional.ofNullable(answers.readLine());
    } catch (IOException _) {
      return Optional.empty(); // the terminal is gone, and the person with it
    }
  }
}
