package dev.warren.libp2p.nat.relay;

import java.time.Instant;

/** Moments as relays write them: unsigned seconds since 1970. */
final class EpochSeconds {
  /** Far beyond every reservation; one implementation writes nanoseconds. */
  private static final long LATEST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  private EpochSeconds() {}

  /** What lies too far ahead to be a moment comes as the latest. */
  static Instant toInstant(long unsignedSeconds) {
    return Instant.ofEpochSecond(unsignedSeconds < 0 ? LATEST : Math.min(unsignedSeconds, LATEST));
  }
}
