package dev.warren.libp2p.transport;

import java.io.IOException;

/** The connection has ended; what was in flight may or may not have reached the peer. */
public class ConnectionClosedException extends IOException {
  private static final long serialVersionUID = 1L;

  public ConnectionClosedException(String message) {
    super(message);
  }

  public ConnectionClosedException(String message, Throwable cause) {
    super(message, cause);
  }
}
