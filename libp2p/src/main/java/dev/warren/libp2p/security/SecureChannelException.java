package dev.warren.libp2p.security;

import java.io.IOException;

/**
 * A secured connection has become unusable. What was read before is authentic; what was written
 * before may or may not have arrived.
 */
public final class SecureChannelException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it was. */
  public enum Reason {
    /** Data arrived that the peer did not send, or not in this order. */
    CORRUPT,
    /** The connection ended where the peer cannot have meant it to end. */
    TRUNCATED,
    /** More was exchanged than one set of keys may protect. */
    EXHAUSTED
  }

  private final Reason reason;

  public SecureChannelException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
