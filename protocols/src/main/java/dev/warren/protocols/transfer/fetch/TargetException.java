package dev.warren.protocols.transfer.fetch;

import java.io.IOException;

/** What was received could not be stored. The download can be resumed when that is mended. */
public final class TargetException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Wraps what went wrong at the target. */
  public TargetException(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
