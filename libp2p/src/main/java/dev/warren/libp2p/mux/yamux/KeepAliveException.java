package dev.warren.libp2p.mux.yamux;

import java.io.IOException;
import java.time.Duration;

/** The peer has fallen silent: it answered no ping and sent nothing else either. */
public final class KeepAliveException extends IOException {
  private static final long serialVersionUID = 1L;

  KeepAliveException(Duration waited) {
    super("the peer has not answered a ping in " + waited.toMillis() + " ms");
  }
}
