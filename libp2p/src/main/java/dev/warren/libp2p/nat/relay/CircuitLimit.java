package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.nat.relay.pb.Limit;
import java.time.Duration;
import java.util.Optional;

/**
 * What a relay lets pass through one circuit.
 *
 * @param duration how long it may be open; zero for no limit
 * @param bytes in each direction; zero for no limit
 */
public record CircuitLimit(Duration duration, long bytes) {
  private static final long TIGHT_SECONDS = 5 * 60;
  private static final long TIGHT_BYTES = 16 << 20;

  /** A circuit that is as good as a connection. */
  public static final CircuitLimit NONE = new CircuitLimit(Duration.ZERO, 0);

  public CircuitLimit {
    if (duration.isNegative() || bytes < 0) {
      throw new IllegalArgumentException("a limit below zero");
    }
  }

  public boolean isNone() {
    return equals(NONE);
  }

  /**
   * Whether it is meant for agreeing on a direct connection and for nothing else, as are the 128
   * KiB and two minutes of most public relays.
   */
  boolean isTight() {
    return isBetween(duration.toSeconds(), TIGHT_SECONDS) || isBetween(bytes, TIGHT_BYTES);
  }

  private static boolean isBetween(long value, long end) {
    return value > 0 && value < end;
  }

  /** Nothing is said where there is no limit. */
  Optional<Limit> toMessage() {
    return isNone()
        ? Optional.empty()
        : Optional.of(
            Limit.newBuilder()
                .setDuration((int) Math.min(duration.toSeconds(), Integer.MAX_VALUE))
                .setData(bytes)
                .build());
  }

  /** Both numbers are unsigned on the wire; what no long holds is as good as no limit. */
  static CircuitLimit of(Limit message) {
    return new CircuitLimit(
        Duration.ofSeconds(Integer.toUnsignedLong(message.getDuration())),
        Math.max(0, message.getData()));
  }
}
