package dev.warren.cli.endtoend.lab;

import java.time.Duration;

/**
 * What a link does to packets, in each direction.
 *
 * @param roundTrip how long a packet and its answer are on their way
 * @param loss how many packets of one get lost
 * @param reordering how many packets of one are overtaken by others
 * @param bytesPerSecond how fast it is
 */
record Weather(Duration roundTrip, double loss, double reordering, long bytesPerSecond) {
  private static final long FAST = 1L << 30;

  static Weather of(Duration roundTrip, double loss) {
    return new Weather(roundTrip, loss, 0, FAST);
  }

  Weather withReordering(double share) {
    return new Weather(roundTrip, loss, share, bytesPerSecond);
  }

  Weather withRate(long bytes) {
    return new Weather(roundTrip, loss, reordering, bytes);
  }
}
