package dev.warren.protocols.transfer.content;

import java.io.IOException;

/** What came is no box of this stream, or not the next one. The stream is of no more use. */
public final class BoxException extends IOException {
  private static final long serialVersionUID = 1L;

  BoxException(String message) {
    super(message);
  }

  BoxException(String message, Throwable cause) {
    super(message, cause);
  }
}
