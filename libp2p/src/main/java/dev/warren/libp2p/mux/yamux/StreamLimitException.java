package dev.warren.libp2p.mux.yamux;

import java.io.IOException;

/** No stream can be opened on this connection at present; the connection itself is sound. */
public final class StreamLimitException extends IOException {
  private static final long serialVersionUID = 1L;

  StreamLimitException(String message) {
    super(message);
  }
}
