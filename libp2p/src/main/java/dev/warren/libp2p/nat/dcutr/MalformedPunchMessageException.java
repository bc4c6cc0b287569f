package dev.warren.libp2p.nat.dcutr;

import java.io.IOException;

/** The peer sent something that is no message of hole punching, or not the one that was due. */
final class MalformedPunchMessageException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedPunchMessageException(String message) {
    super(message);
  }

  MalformedPunchMessageException(String message, Throwable cause) {
    super(message, cause);
  }
}
