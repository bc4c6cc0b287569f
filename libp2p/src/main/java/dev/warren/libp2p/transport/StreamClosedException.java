package dev.warren.libp2p.transport;

import java.io.IOException;

/** This end has closed the half of the stream that it wants to use. */
public final class StreamClosedException extends IOException {
  private static final long serialVersionUID = 1L;

  public StreamClosedException() {
    super("this end has closed the stream");
  }
}
