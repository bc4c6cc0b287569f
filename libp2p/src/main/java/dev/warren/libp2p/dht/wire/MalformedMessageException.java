package dev.warren.libp2p.dht.wire;

import java.io.IOException;

/** A peer has sent what is no message of the DHT. Nothing of it was used. */
public final class MalformedMessageException extends IOException {
  private static final long serialVersionUID = 1;

  MalformedMessageException(String message) {
    super(message);
  }

  MalformedMessageException(String message, Throwable cause) {
    super(message, cause);
  }
}
