package dev.warren.interop;

import java.io.IOException;

/** A peer could not be started, ended, or did not answer in time. */
public class PeerException extends IOException {
  private static final long serialVersionUID = 1L;

  PeerException(String message) {
    super(message);
  }

  PeerException(String message, Throwable cause) {
    super(message, cause);
  }
}
