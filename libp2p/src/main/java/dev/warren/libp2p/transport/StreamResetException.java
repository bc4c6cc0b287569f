package dev.warren.libp2p.transport;

import java.io.IOException;

/** The stream was given up by one of its ends. What was in flight is lost. */
public final class StreamResetException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long code;
  private final boolean remote;

  public StreamResetException(long code, boolean remote) {
    super((remote ? "the peer" : "this end") + " reset the stream (code " + code + ")");
    this.code = code;
    this.remote = remote;
  }

  /** The reason that the resetting end gave, 0 when none. */
  public long code() {
    return code;
  }

  /** Whether the peer reset it. */
  public boolean remote() {
    return remote;
  }
}
