package dev.warren.bench.dht;

import java.util.Comparator;
import java.util.PriorityQueue;

/** What happens when, one thing after the other. */
final class VirtualTime {
  static final long MILLIS = 1_000_000;
  static final long MINUTES = 60_000 * MILLIS;

  private record Event(long atNanos, long sequence, Runnable action) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(
          Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::sequence));
  private long nowNanos;
  private long sequence;

  long nanos() {
    return nowNanos;
  }

  void after(long delayNanos, Runnable action) {
    events.add(new Event(nowNanos + delayNanos, sequence++, action));
  }

  /** Lets everything happen that is due until then. */
  void runUntil(long nanos) {
    while (!events.isEmpty() && events.element().atNanos() <= nanos) {
      Event event = events.remove();
      nowNanos = event.atNanos();
      event.action().run();
    }
    nowNanos = nanos;
  }

  /** Lets everything happen until there is nothing more to come. */
  void runOut() {
    while (!events.isEmpty()) {
      runUntil(events.element().atNanos());
    }
  }
}
