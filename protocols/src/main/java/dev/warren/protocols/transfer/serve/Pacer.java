package dev.warren.protocols.transfer.serve;

import dev.warren.libp2p.transport.TimeSource;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/** Passes on that something has happened: at once, or after a rest when it did so lately. */
final class Pacer {
  private final TimeSource time;
  private final Duration rest;
  private final Runnable action;

  private final ReentrantLock lock = new ReentrantLock();
  private boolean resting; // guarded by lock
  private boolean again; // guarded by lock

  /**
   * @param action must not block
   */
  Pacer(TimeSource time, Duration rest, Runnable action) {
    this.time = time;
    this.rest = rest;
    this.action = action;
  }

  void happened() {
    lock.lock();
    try {
      again = resting;
      if (resting) {
        return;
      }
      resting = true;
    } finally {
      lock.unlock();
    }
    time.after(rest, this::rested);
    action.run();
  }

  private void rested() {
    boolean missed;
    lock.lock();
    try {
      resting = false;
      missed = again;
    } finally {
      lock.unlock();
    }
    if (missed) {
      happened();
    }
  }
}
