package dev.warren.protocols.admission;

import java.io.IOException;
import java.time.Duration;

/** Words did not lead to a share at this peer. Another peer may be the one who was meant. */
public final class NotAdmittedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Why not. */
  public enum Reason {
    /** The peer shares nothing under these words; it may have, before. */
    UNKNOWN,
    /** The last two words are not those of the share, or the peer is an impostor. */
    WRONG_CODE,
    /** Wrong words were tried so often that these are good for nothing any more. */
    BURNT,
    /** Wrong words were tried a moment ago: try again later. */
    WAIT
  }

  private final Reason reason;
  private final Duration wait;

  NotAdmittedException(Reason reason, String message) {
    this(reason, message, Duration.ZERO);
  }

  NotAdmittedException(Reason reason, String message, Duration wait) {
    super(message);
    this.reason = reason;
    this.wait = wait;
  }

  /** Why not. */
  public Reason reason() {
    return reason;
  }

  /** How long to wait, for {@link Reason#WAIT}. */
  public Duration waitTime() {
    return wait;
  }
}
