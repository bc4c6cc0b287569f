package dev.warren.libp2p.host;

import java.io.IOException;

/** Something was refused because a limit of this host was reached. Nothing has happened. */
public final class LimitExceededException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String limit;

  LimitExceededException(String limit, long value) {
    super("the limit " + limit + " = " + value + " is reached");
    this.limit = limit;
  }

  /** The name of the limit, as in {@link Limits}. */
  public String limit() {
    return limit;
  }
}
