package dev.warren.node;

import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something that is done again and again on a thread of its own, until it is closed. */
final class Retrying implements Rendezvous.Ongoing {
  private static final Logger log = LoggerFactory.getLogger(Retrying.class);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);

  /** What is done; a failure is for the log, and another reason to do it again. */
  @FunctionalInterface
  interface Step {
    /** Returns whether that was all. */
    boolean take() throws IOException;
  }

  private final TimeSource time;
  private final Duration longest;
  private final Step step;
  private final Semaphore due = new Semaphore(0);
  private final Thread thread;

  /**
   * Begins.
   *
   * @param longest the pauses between two times double until they are as long as this
   */
  Retrying(String name, TimeSource time, Duration longest, Step step) {
    this.time = time;
    this.longest = longest;
    this.step = step;
    thread = Thread.ofVirtual().name(name).unstarted(this::run);
    thread.start(); // when all of this object is there
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    try {
      while (!isDone()) {
        try (var _ = time.after(pause, due::release)) {
          due.acquire();
        }
        due.drainPermits();
        pause = pause.compareTo(longest) < 0 ? pause.multipliedBy(2) : longest;
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private boolean isDone() throws InterruptedException {
    try {
      return step.take();
    } catch (IOException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      log.debug("{} again later: {}", thread.getName(), e.toString());
      return false;
    } catch (RuntimeException e) {
      log.warn("{} met a fault", thread.getName(), e);
      return false;
    }
  }

  /** There is a reason to do it again at once. */
  void hurry() {
    due.release();
  }

  /** Ends it; what is being done may go on for a moment. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
