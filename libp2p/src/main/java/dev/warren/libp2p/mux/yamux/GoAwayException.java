package dev.warren.libp2p.mux.yamux;

import java.io.IOException;

/** The peer ended the connection because of an error, its own or one that it blames on us. */
public final class GoAwayException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long code;

  GoAwayException(long code) {
    super("the peer ended the connection: " + describe(code));
    this.code = code;
  }

  /** The code that the peer gave: 1 for a protocol error, 2 for an internal one. */
  public long code() {
    return code;
  }

  private static String describe(long code) {
    if (code == GoAway.PROTOCOL_ERROR) {
      return "it saw a protocol error";
    }
    return code == GoAway.INTERNAL_ERROR ? "it had an internal error" : "code " + code;
  }
}
