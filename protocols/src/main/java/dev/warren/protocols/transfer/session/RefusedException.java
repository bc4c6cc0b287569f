package dev.warren.protocols.transfer.session;

import java.io.IOException;

/** A receiver is not to have a share, or a source said so. */
public final class RefusedException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Why a receiver was refused. */
  public enum Reason {
    UNKNOWN,
    EXPIRED,
    NOT_APPROVED,
    BLOCKED,
    EXHAUSTED,
    BUSY
  }

  private final Reason reason;

  /** Says why, with a sentence for the one who wanted to receive. */
  public RefusedException(Reason reason, String sentence) {
    super(sentence);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
