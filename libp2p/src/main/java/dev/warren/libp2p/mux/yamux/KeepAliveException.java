package dev.warren.libp2p.mux.yamux;

import java.io.IOException;

/** The peer has fallen silent, or has stopped to listen: it answers no pings. */
public final class KeepAliveException extends IOException {
  private static final long serialVersionUID = 1L;

  KeepAliveException(String message) {
    super(message);
  }
}
