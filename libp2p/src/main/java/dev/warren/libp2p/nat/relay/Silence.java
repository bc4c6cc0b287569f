package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.transport.TimeSource;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Notices when nothing has moved for long. A connection in use is never so silent, since whoever
 * has one pings: so a circuit is not held by peers that neither send nor read.
 */
final class Silence implements AutoCloseable {
  static final Duration LONGEST = Duration.ofMinutes(5);

  private final TimeSource time;
  private final Runnable tooLong;
  private volatile long endedNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private TimeSource.Scheduled timer = () -> {}; // guarded by lock
  private boolean closed; // guarded by lock

  /**
   * @param tooLong run once, on a thread of its own, when it has been silent for so long
   */
  Silence(TimeSource time, Runnable tooLong) {
    this.time = time;
    this.tooLong = tooLong;
  }

  /** Begins to watch. */
  void begin() {
    end();
    watch(LONGEST);
  }

  /** Something has moved; cheap, since the timer looks by itself when it is due. */
  void end() {
    endedNanos = time.nanoTime();
  }

  private void watch(Duration left) {
    lock.lock();
    try {
      if (!closed) {
        timer = time.after(left, this::look);
      }
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    Duration left = LONGEST.minusNanos(time.nanoTime() - endedNanos);
    if (left.isPositive()) {
      watch(left);
    } else {
      tooLong.run();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      timer.cancel();
    } finally {
      lock.unlock();
    }
  }
}
