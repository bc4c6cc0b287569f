package dev.warren.libp2p.discovery;

import dev.warren.libp2p.transport.TimeSource;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * An answer that all may ask for, sent a little later and then to all at once (RFC 6762, 6): the
 * delay keeps many nodes from answering in the same moment, the interval keeps one that asks
 * without end from making us talk without end.
 */
final class Paced {
  private static final int MIN_DELAY_MILLIS = 20;
  private static final int MAX_DELAY_MILLIS = 120;

  /**
   * The RFC has one second, except for answers to probes, which may come after this. A node that
   * comes up just after an answer would miss it, and wait that second.
   */
  private static final Duration INTERVAL = Duration.ofMillis(250);

  private final TimeSource time;
  private final RandomGenerator random;
  private final Runnable send;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean asked; // guarded by lock
  private long notBeforeNanos; // guarded by lock

  Paced(TimeSource time, RandomGenerator random, Runnable send) {
    this.time = time;
    this.random = random;
    this.send = send;
    notBeforeNanos = time.nanoTime();
  }

  /** Has it sent soon. */
  void ask() {
    Duration delay;
    lock.lock();
    try {
      if (asked) {
        return;
      }
      asked = true;
      long jitter =
          Duration.ofMillis(random.nextInt(MIN_DELAY_MILLIS, MAX_DELAY_MILLIS + 1)).toNanos();
      delay = Duration.ofNanos(Math.max(jitter, notBeforeNanos - time.nanoTime()));
    } finally {
      lock.unlock();
    }
    time.after(delay, this::send);
  }

  /** Sends it now. */
  void send() {
    lock.lock();
    try {
      asked = false;
      notBeforeNanos = time.nanoTime() + INTERVAL.toNanos();
    } finally {
      lock.unlock();
    }
    send.run();
  }
}
