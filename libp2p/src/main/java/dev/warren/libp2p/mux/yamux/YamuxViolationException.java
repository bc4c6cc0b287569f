package dev.warren.libp2p.mux.yamux;

import java.io.IOException;

/** The peer broke a rule of the protocol, so the connection was ended. */
public final class YamuxViolationException extends IOException {
  private static final long serialVersionUID = 1L;

  private final Violation violation;

  YamuxViolationException(Violation violation, String message) {
    super(message);
    this.violation = violation;
  }

  /** The rule. */
  public Violation violation() {
    return violation;
  }
}
