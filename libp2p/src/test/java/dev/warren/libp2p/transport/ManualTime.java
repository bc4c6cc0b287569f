package dev.warren.libp2p.transport;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Time that passes when a test says so. */
public final class ManualTime implements TimeSource {

  private record Timer(long dueNanos, Runnable action) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(Comparator.comparingLong(Timer::dueNanos));
  private long nowNanos; // guarded by lock

  @Override
  public long nanoTime() {
    lock.lock();
    try {
      return nowNanos;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Scheduled after(Duration delay, Runnable action) {
    lock.lock();
    try {
      Timer timer = new Timer(nowNanos + delay.toNanos(), action);
      timers.add(timer);
      changed.signalAll();
      return () -> cancel(timer);
    } finally {
      lock.unlock();
    }
  }

  /** Lets time pass and runs what becomes due, each action on a thread that it waits for. */
  public void advance(Duration duration) throws InterruptedException {
    long until = nanoTime() + duration.toNanos();
    for (Optional<Timer> due = next(until); due.isPresent(); due = next(until)) {
      Thread.ofVirtual().start(due.get().action()).join();
    }
    lock.lock();
    try {
      nowNanos = until;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until a timer is set that is due within so long. */
  public void awaitTimer(Duration within) throws InterruptedException {
    lock.lock();
    try {
      while (timers.isEmpty() || timers.peek().dueNanos() - nowNanos > within.toNanos()) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until so many timers are set. */
  public void awaitTimers(int count) throws InterruptedException {
    lock.lock();
    try {
      while (timers.size() < count) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  public int timers() {
    lock.lock();
    try {
      return timers.size();
    } finally {
      lock.unlock();
    }
  }

  private Optional<Timer> next(long untilNanos) {
    lock.lock();
    try {
      Timer first = timers.peek();
      if (first == null || first.dueNanos() > untilNanos) {
        return Optional.empty();
      }
      timers.remove();
      nowNanos = Math.max(nowNanos, first.dueNanos());
      return Optional.of(first);
    } finally {
      lock.unlock();
    }
  }

  private void cancel(Timer timer) {
    lock.lock();
    try {
      timers.remove(timer);
    } finally {
      lock.unlock();
    }
  }
}
