package dev.warren.node;

/**
 * What came is damaged, forged, or none that may be received, such as one with hostile names; or
 * part of it cannot be had any more.
 */
public final class CorruptShareException extends ReceiveException {
  private static final long serialVersionUID = 1L;

  /** For this node, and for others that take its place in tests. */
  public CorruptShareException(String message, Throwable cause) {
    super(message, cause);
  }
}
