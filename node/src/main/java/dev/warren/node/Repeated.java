package dev.warren.node;

import dev.warren.libp2p.transport.TimeSource;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something that is done again and again, and a last time when it is closed. */
final class Repeated implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(Repeated.class);

  /** What is done. */
  interface Action {
    void run() throws IOException;
  }

  private final TimeSource time;
  private final Duration interval;
  private final Action action;
  private final ReentrantLock lock = new ReentrantLock();

  // Both guarded by lock.
  private TimeSource.Scheduled next;
  private boolean closed;

  /** Does it for the first time after one interval. */
  Repeated(TimeSource time, Duration interval, Action action) {
    this.time = time;
    this.interval = interval;
    this.action = action;
    next = time.after(interval, this::run);
  }

  private void run() {
    lock.lock();
    try {
      if (!closed) {
        runOnce();
        next = time.after(interval, this::run);
      }
    } finally {
      lock.unlock();
    }
  }

  private void runOnce() {
    try {
      action.run();
    } catch (IOException | RuntimeException e) {
      log.warn("what is done every {} failed", interval, e);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (!closed) {
        closed = true;
        next.cancel();
        runOnce();
      }
    } finally {
      lock.unlock();
    }
  }
}
