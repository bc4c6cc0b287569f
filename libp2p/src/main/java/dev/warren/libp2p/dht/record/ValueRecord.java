package dev.warren.libp2p.dht.record;

import java.time.Duration;
import java.time.Instant;

/** A value as it was stored here, and when. */
public record ValueRecord(Value value, Instant received) {
  /** After this its owner has to store it anew. */
  public static final Duration VALIDITY = Duration.ofDays(2);

  /** Whether it is still to be handed out, as far as its age is concerned. */
  public boolean isValid(Instant now) {
    return now.isBefore(received.plus(VALIDITY));
  }
}
