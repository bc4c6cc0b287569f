package dev.warren.libp2p.mux.yamux;

/** Spec, Type Field. */
enum FrameType {
  DATA(0),
  WINDOW_UPDATE(1),
  PING(2),
  GO_AWAY(3);

  private final int value;

  FrameType(int value) {
    this.value = value;
  }

  /** What stands for the type on the wire. */
  int value() {
    return value;
  }

  static FrameType of(int value) throws YamuxViolationException {
    return switch (value) {
      case 0 -> DATA;
      case 1 -> WINDOW_UPDATE;
      case 2 -> PING;
      case 3 -> GO_AWAY;
      default -> throw Violation.UNKNOWN_TYPE.exception("type " + value);
    };
  }
}
