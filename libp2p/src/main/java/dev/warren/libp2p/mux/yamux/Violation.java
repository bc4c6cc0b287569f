package dev.warren.libp2p.mux.yamux;

/** The rules of the protocol that a peer can break; each ends the connection. */
public enum Violation {
  /** Spec, Version Field: "always set to 0". */
  UNKNOWN_VERSION("a frame of an unknown version"),
  /** Spec, Type Field: 0 to 3. */
  UNKNOWN_TYPE("a frame of an unknown type"),
  /** Spec, Flag Field: SYN, ACK, FIN, RST. */
  UNKNOWN_FLAGS("a flag that does not exist"),
  /** A ping is a question (SYN) or an answer (ACK); GoAway has no flags. */
  MISPLACED_FLAGS("flags that the type of frame does not have"),
  /** Spec, StreamID Field: 0 for the session, and for nothing else. */
  MISPLACED_STREAM_ID("a stream id that the type of frame does not have"),
  /** Spec, StreamID Field: "The client side should use odd ID's, and the server even". */
  WRONG_PARITY("a new stream with an id of ours"),
  /** An id stands for one stream in the life of a connection. */
  STREAM_ID_REUSED("a new stream with an id that was used before"),
  /** More credit than the length field can express (CVE-2026-31814). */
  WINDOW_OVERFLOW("a window of more than 4 GiB"),
  /** Data that was not allowed, in the first frame of a stream (CVE-2026-32314) or later. */
  DATA_BEYOND_WINDOW("more data than the window allowed"),
  /** Questions and refused streams faster than it reads our answers. */
  FLOOD("more frames that want an answer than it takes answers");

  private final String description;

  Violation(String description) {
    this.description = description;
  }

  YamuxViolationException exception() {
    return new YamuxViolationException(this, "the peer sent " + description);
  }

  YamuxViolationException exception(String detail) {
    return new YamuxViolationException(this, "the peer sent " + description + ": " + detail);
  }
}
