package dev.warren.cli;

import java.time.Duration;
import java.util.Locale;

/** What a series of pings came to. Owned by the thread that pings. */
final class PingStatistics {
  private static final double NANOS_PER_MILLI = 1e6;

  private long sent;
  private long received;
  private long minNanos = Long.MAX_VALUE;
  private long maxNanos;
  private double sumNanos;

  void answered(Duration roundTrip) {
    long nanos = roundTrip.toNanos();
    sent++;
    received++;
    minNanos = Math.min(minNanos, nanos);
    maxNanos = Math.max(maxNanos, nanos);
    sumNanos += nanos;
  }

  void lost() {
    sent++;
  }

  long sent() {
    return sent;
  }

  long received() {
    return received;
  }

  double lossPercent() {
    return sent == 0 ? 0 : 100.0 * (sent - received) / sent;
  }

  String text(String peer) {
    String counts =
        String.format(
            Locale.ROOT,
            "--- %s\n%d sent, %d answered, %.0f%% lost",
            peer,
            sent,
            received,
            lossPercent());
    return received == 0
        ? counts
        : counts
            + String.format(
                Locale.ROOT,
                "\nround trip min/avg/max = %.3f/%.3f/%.3f ms",
                minNanos / NANOS_PER_MILLI,
                averageMillis(),
                maxNanos / NANOS_PER_MILLI);
  }

  JsonObject json(String peer) {
    JsonObject summary =
        JsonObject.event("summary")
            .with("peer", peer)
            .with("sent", sent)
            .with("received", received)
            .with("loss_percent", lossPercent());
    return received == 0
        ? summary
        : summary
            .with("min_ms", minNanos / NANOS_PER_MILLI)
            .with("avg_ms", averageMillis())
            .with("max_ms", maxNanos / NANOS_PER_MILLI);
  }

  private double averageMillis() {
    return Math.rint(sumNanos / received) / NANOS_PER_MILLI;
  }
}
