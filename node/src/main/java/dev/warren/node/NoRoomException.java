package dev.warren.node;

/** The disk does not take it all. What is here stays, and receiving the same again goes on. */
public final class NoRoomException extends ReceiveException {
  private static final long serialVersionUID = 1L;

  /** For this node, and for others that take its place in tests. */
  public NoRoomException(String message) {
    super(message);
  }

  NoRoomException(String message, Throwable cause) {
    super(message, cause);
  }
}
