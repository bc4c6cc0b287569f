package dev.warren.libp2p.mux.yamux;

/** The codes of spec, Session termination. */
final class GoAway {
  static final long NORMAL = 0;
  static final long PROTOCOL_ERROR = 1;
  static final long INTERNAL_ERROR = 2;

  private GoAway() {}
}
