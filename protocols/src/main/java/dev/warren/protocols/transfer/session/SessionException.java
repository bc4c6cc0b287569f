package dev.warren.protocols.transfer.session;

import java.io.IOException;

/** The peer does not keep to the protocol. The stream is of no further use. */
public final class SessionException extends IOException {
  private static final long serialVersionUID = 1L;

  SessionException(String message) {
    super(message);
  }

  SessionException(String message, Throwable cause) {
    super(message, cause);
  }
}
