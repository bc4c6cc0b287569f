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
