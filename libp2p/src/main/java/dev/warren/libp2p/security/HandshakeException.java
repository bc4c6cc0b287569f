package dev.warren.libp2p.security;

import java.io.IOException;

/**
 * The connection could not be secured. Nothing of the peer's may be trusted, and the connection is
 * of no further use.
 */
public final class HandshakeException extends IOException {
  private static final long serialVersionUID = 1L;

  /** What kind of failure it was. */
  public enum Reason {
    /** Someone else answered than the peer that was dialed. */
    WRONG_PEER,
    /** The peer could not prove that its key belongs to it. */
    BAD_SIGNATURE,
    /** The peer broke the protocol. */
    MALFORMED,
    /** The connection ended or failed before the handshake was over. */
    CLOSED,
    /** Both ends named the multiplexers that they know, and none is known to both. */
    NO_COMMON_MUXER,
    /** The keys of both ends do not fit: damage, an attack, or a different protocol. */
    CRYPTO
  }

  private final Reason reason;

  public HandshakeException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public HandshakeException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
