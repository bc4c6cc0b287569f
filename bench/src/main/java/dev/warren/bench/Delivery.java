package dev.warren.bench;

import java.util.Locale;

/**
 * What it took to pass files on, twice.
 *
 * @param fromNothingSeconds from the start of the sending process to the end of the receiving one,
 *     with all hashing
 * @param arrival at another time, when the sending side was ready
 * @param sender what it took at that other time, from its start and with its hashing
 * @param loopbackBytes what went over loopback then, whoever sent it
 */
record Delivery(
    long bytes,
    long files,
    double fromNothingSeconds,
    Courier.Arrival arrival,
    ProcessMeter.Reading sender,
    long loopbackBytes) {

  double megabytesPerSecond() {
    return bytes / arrival.seconds() / 1e6;
  }

  double movingMegabytesPerSecond() {
    return bytes / arrival.movingSeconds() / 1e6;
  }

  double megabytesPerSecondFromNothing() {
    return bytes / fromNothingSeconds / 1e6;
  }

  double filesPerSecond() {
    return files / arrival.seconds();
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.2f s from nothing, %.2f s to receive, %.2f s of them moving",
        fromNothingSeconds,
        arrival.seconds(),
        arrival.movingSeconds());
  }
}
