package dev.warren.libp2p.host;

import java.io.IOException;

/** Serves the streams of one protocol. */
@FunctionalInterface
public interface StreamHandler {

  /**
   * Serves one stream, on a virtual thread of its own. When this returns, the stream is closed;
   * when it throws, the stream is reset.
   */
  void handle(Stream stream) throws IOException;
}
