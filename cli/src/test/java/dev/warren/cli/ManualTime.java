package dev.warren.cli;

import dev.warren.libp2p.transport.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Time that goes on when a test says so. What is due runs on the test's thread. */
final class ManualTime implements TimeSource {
  private record Due(long nanos, Runnable action) {}

  private final List<Due> waiting = new ArrayList<>();
  private long now;

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  @Override
  public synchronized Scheduled after(Duration delay, Runnable action) {
    var due = new Due(now + delay.toNanos(), action);
    waiting.add(due);
    return () -> cancel(due);
  }

  private synchronized void cancel(Due due) {
    waiting.remove(due);
  }

  void advance(Duration time) {
    long until = nanoTime() + time.toNanos();
    for (Due next = next(until); next.nanos <= until; next = next(until)) {
      next.action.run();
    }
  }

  /** Takes the next that is due until then; if there is none, goes on to then. */
  private synchronized Due next(long until) {
    Due next =
        waiting.stream()
            .min(Comparator.comparingLong(Due::nanos))
            .filter(due -> due.nanos <= until)
            .orElse(new Due(Long.MAX_VALUE, () -> {}));
    waiting.remove(next);
    now = Math.min(next.nanos, until);
    return next;
  }
}
