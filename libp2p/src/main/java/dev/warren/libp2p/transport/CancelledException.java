package dev.warren.libp2p.transport;

import java.io.IOException;

/** The work was given up before it ended: its time ran out or its result was no longer wanted. */
public final class CancelledException extends IOException {
  private static final long serialVersionUID = 1L;

  public CancelledException(String reason) {
    super(reason);
  }
}
