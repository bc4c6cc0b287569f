package dev.warren.protocols.transfer.session;

import dev.warren.libp2p.transport.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Time in which what was planned happens when a test says so. */
public final class HandTime implements TimeSource {
  private record Timer(Duration delay, Runnable action) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Timer> timers = new ArrayList<>(); // guarded by lock
  private final AtomicLong nanos = new AtomicLong();

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public Scheduled after(Duration delay, Runnable action) {
    var timer = new Timer(delay, action);
    change(() -> timers.add(timer));
    return () -> change(() -> timers.remove(timer));
  }

  /** Waits until something is planned for so long after. */
  public void awaitPlan(Duration delay) throws InterruptedException {
    lock.lock();
    try {
      while (timers.stream().noneMatch(timer -> timer.delay().equals(delay))) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something is planned for so long after, and lets it happen. */
  public void pass(Duration delay) throws InterruptedException {
    Timer due;
    lock.lock();
    try {
      awaitPlan(delay);
      due = timers.stream().filter(timer -> timer.delay().equals(delay)).findFirst().orElseThrow();
      timers.remove(due);
    } finally {
      lock.unlock();
    }
    nanos.addAndGet(delay.toNanos());
    due.action().run();
  }

  /** How much is planned. */
  public int planned() {
    lock.lock();
    try {
      return timers.size();
    } finally {
      lock.unlock();
    }
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
