package dev.warren.libp2p.dht.lookup;

import java.time.Duration;

/**
 * How long an answer is worth waiting for, from how long answers took so far: the smoothed mean and
 * four times the mean deviation, as TCP has it (RFC 6298). Belongs to one thread at a time.
 */
public final class ResponseTimes {
  /** Below this the scheduling of threads decides, not the network. */
  private static final long MIN_NANOS = Duration.ofMillis(100).toNanos();

  private static final long MAX_NANOS = Duration.ofSeconds(5).toNanos();

  /** As long as nothing is known; a dial around the world and an answer fit in it. */
  private static final long INITIAL_NANOS = Duration.ofMillis(1500).toNanos();

  private double meanNanos = -1;
  private double deviationNanos;

  /** Takes note of an answer. */
  public void observe(long nanos) {
    if (meanNanos < 0) {
      meanNanos = nanos;
      deviationNanos = nanos / 2.0;
    } else {
      deviationNanos += (Math.abs(nanos - meanNanos) - deviationNanos) / 4;
      meanNanos += (nanos - meanNanos) / 8;
    }
  }

  /** After this an answer is no longer to be counted on. */
  public long patienceNanos() {
    return meanNanos < 0
        ? INITIAL_NANOS
        : Math.clamp((long) (meanNanos + 4 * deviationNanos), MIN_NANOS, MAX_NANOS);
  }
}
