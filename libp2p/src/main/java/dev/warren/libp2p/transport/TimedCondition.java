package dev.warren.libp2p.transport;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A condition that may be awaited for a bounded time, by the injected clock. Guarded by the lock
 * that it belongs to.
 *
 * <p>A timer that was set for one wait is left alone when the wait is over: it serves the next one,
 * which is due later. So a stream that waits often, and briefly, sets one timer in each period and
 * not one for each wait.
 */
public final class TimedCondition {
  private static final long NEVER = Long.MAX_VALUE;

  private final ReentrantLock lock;
  private final Condition condition;
  private final TimeSource time;

  private long timeoutNanos;
  private TimeSource.@Nullable Scheduled timer;
  private long timerDueNanos;

  public TimedCondition(ReentrantLock lock, TimeSource time) {
    this.lock = lock;
    this.condition = lock.newCondition();
    this.time = time;
  }

  /** Bounds the waits that begin from now on; zero for no bound. */
  public void setTimeout(Duration timeout) {
    timeoutNanos = timeout.toNanos();
  }

  /** The moment at which a wait that begins now is to give up. */
  public long deadline() {
    return timeoutNanos == 0 ? NEVER : time.nanoTime() + timeoutNanos;
  }

  /**
   * Waits for a signal, perhaps a needless one.
   *
   * @return false, at once, when the deadline has passed
   */
  @SuppressWarnings("WaitNotInLoop") // the callers' loops
  public boolean await(long deadlineNanos) {
    if (deadlineNanos != NEVER) {
      long left = deadlineNanos - time.nanoTime();
      if (left <= 0) {
        return false;
      }
      if (timer == null || timerDueNanos - deadlineNanos > 0) {
        cancel();
        timerDueNanos = deadlineNanos;
        timer = time.after(Duration.ofNanos(left), this::due);
      }
    }
    condition.awaitUninterruptibly();
    return true;
  }

  public void signal() {
    condition.signalAll();
  }

  /** Wakes one of those who wait; if that one has no use for it, it has to pass it on. */
  public void signalOne() {
    condition.signal();
  }

  /** Forgets the timer. */
  public void cancel() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void due() {
    lock.lock();
    try {
      timer = null;
      condition.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
