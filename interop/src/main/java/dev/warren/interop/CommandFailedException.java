package dev.warren.interop;

/** The peer is well and answered that the command failed. */
public final class CommandFailedException extends PeerException {
  private static final long serialVersionUID = 1L;

  CommandFailedException(String message) {
    super(message);
  }
}
