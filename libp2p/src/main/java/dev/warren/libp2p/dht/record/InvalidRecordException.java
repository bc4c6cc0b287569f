package dev.warren.libp2p.dht.record;

import java.io.IOException;

/** A value does not prove that it belongs under its key, or not any more. */
public final class InvalidRecordException extends IOException {
  private static final long serialVersionUID = 1;

  public InvalidRecordException(String message) {
    super(message);
  }

  public InvalidRecordException(String message, Throwable cause) {
    super(message, cause);
  }
}
