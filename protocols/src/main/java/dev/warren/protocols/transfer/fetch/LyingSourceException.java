package dev.warren.protocols.transfer.fetch;

import java.io.IOException;

/** A source sent something other than what was asked for or signed. It is not asked again. */
public final class LyingSourceException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Says what was wrong. */
  public LyingSourceException(String message) {
    super(message);
  }

  /** Says what was wrong with what it sent. */
  public LyingSourceException(String message, Throwable cause) {
    super(message, cause);
  }
}
