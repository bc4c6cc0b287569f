package dev.warren.libp2p.negotiate;

import java.io.IOException;
import java.util.Objects;

/** The two ends share no protocol, or the peer does not speak multistream-select. */
public final class NegotiationException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What went wrong. */
  public enum Reason {
    /** The peer speaks none of the protocols that it was offered. */
    NOT_SUPPORTED,
    /** What the peer sent is not multistream-select. */
    MALFORMED
  }

  private final Reason reason;

  public NegotiationException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** The same failure, met once more: its stack trace is that of the new caller. */
  NegotiationException(NegotiationException earlier) {
    this(earlier.reason, Objects.requireNonNull(earlier.getMessage()));
  }

  public Reason reason() {
    return reason;
  }
}
