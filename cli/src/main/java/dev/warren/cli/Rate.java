package dev.warren.cli;

import dev.warren.libp2p.transport.TimeSource;
import java.util.ArrayDeque;

/** How fast a number has grown in the last seconds. For one thread. */
final class Rate {
  private static final long WINDOW_NANOS = 3_000_000_000L;

  private final TimeSource time;
  private final ArrayDeque<Seen> seen = new ArrayDeque<>();

  Rate(TimeSource time) {
    this.time = time;
  }

  private record Seen(long nanos, long number) {}

  /** By how much it grows in a second, now that it is this. */
  double of(long number) {
    long now = time.nanoTime();
    seen.add(new Seen(now, number));
    while (seen.size() > 2 && now - seen.peek().nanos > WINDOW_NANOS) {
      seen.remove();
    }
    Seen first = seen.element();
    return now == first.nanos ? 0 : (number - first.number) * 1e9 / (now - first.nanos);
  }
}
