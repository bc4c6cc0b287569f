package dev.warren.libp2p.dht;

import java.io.IOException;

/** What a peer asks for is not done; nothing has changed. */
final class RequestRefusedException extends IOException {
  private static final long serialVersionUID = 1;

  RequestRefusedException(String message) {
    super(message);
  }
}
