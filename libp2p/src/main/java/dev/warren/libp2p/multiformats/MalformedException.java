package dev.warren.libp2p.multiformats;

/** Text or bytes that are not what they claim to be. The message says what is wrong and where. */
public class MalformedException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public MalformedException(String message) {
    super(message);
  }

  public MalformedException(String message, Throwable cause) {
    super(message, cause);
  }
}
