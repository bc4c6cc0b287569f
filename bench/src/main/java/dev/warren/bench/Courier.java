package dev.warren.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** A program that passes files from one process to another, over loopback. */
interface Courier {
  /** What it is called in tables. */
  String name();

  /**
   * Starts the process that sends. Returns as soon as it makes sense to begin receiving.
   *
   * @param home keeps what the programs remember, on either side
   */
  Offer offer(Path source, Path home) throws IOException;

  /** Whether files come of it, or bytes only. */
  default boolean makesFiles() {
    return true;
  }

  /** The sending side. */
  interface Offer extends AutoCloseable {
    /** Waits until all that can be done before there is a receiver has been done. */
    default void awaitReady() throws IOException {}

    /** Has a process of its own receive, to its end. Replaces what is there. */
    Arrival receive(Path into) throws IOException;

    /** What the sending side has taken up to now. */
    ProcessMeter.Reading taken();

    @Override
    void close() throws IOException;
  }

  /**
   * What receiving took.
   *
   * @param seconds from the start of the receiving process to its end
   * @param movingSeconds without the time that the process needed to start and to find the other
   */
  record Arrival(double seconds, double movingSeconds, ProcessMeter.Reading receiver) {}

  /** Starts receiving processes until one finds the sender ready; yields what that one took. */
  static Arrival receive(java.util.List<String> command, Map<String, String> environment, Path log)
      throws IOException {
    final int attempts = 100;
    for (int attempt = 1; ; attempt++) {
      long begin = System.nanoTime();
      try (Program receiver = Program.start(command, environment, log)) {
        if (attempt == attempts) {
          receiver.awaitSuccess();
        }
        if (receiver.succeeds()) {
          double seconds = (System.nanoTime() - begin) / 1e9;
          return new Arrival(seconds, seconds, receiver.taken());
        }
      }
      Program.pause();
    }
  }
}
