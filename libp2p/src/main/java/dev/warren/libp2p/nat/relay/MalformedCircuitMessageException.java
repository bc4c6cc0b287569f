package dev.warren.libp2p.nat.relay;

import java.io.IOException;

/** The peer sent something that is no message of relays. */
final class MalformedCircuitMessageException extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedCircuitMessageException(String message) {
    super(message);
  }

  MalformedCircuitMessageException(Throwable cause) {
    super("the peer sent a message that cannot be read", cause);
  }
}
