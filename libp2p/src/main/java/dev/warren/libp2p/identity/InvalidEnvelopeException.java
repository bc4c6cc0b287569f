package dev.warren.libp2p.identity;

/**
 * An envelope that proves nothing: no envelope at all, not signed by its key, signed for another
 * purpose, or with a content that its key has no say over. Drop it; whoever sent it may not be its
 * author.
 */
public class InvalidEnvelopeException extends Exception {
  private static final long serialVersionUID = 1L;

  public InvalidEnvelopeException(String message) {
    super(message);
  }

  public InvalidEnvelopeException(String message, Throwable cause) {
    super(message, cause);
  }
}
