package dev.warren.sharecodes.pake;

import java.security.GeneralSecurityException;

/** An exchange that ended without a key. It cannot be continued; a new one can be begun. */
public abstract sealed class PakeException extends GeneralSecurityException {
  private static final long serialVersionUID = 1L;

  private PakeException(String message) {
    super(message);
  }

  /**
   * The other side took part as it should, but does not know the secret of this code: it mistyped
   * the code, or is guessing.
   */
  public static final class WrongCode extends PakeException {
    private static final long serialVersionUID = 1L;

    WrongCode() {
      super("the other side does not have this code");
    }
  }

  /**
   * The other side sent what nobody sends who takes part in this exchange: bytes that are no
   * message of it, or the message of an exchange between other peers.
   */
  public static final class Malformed extends PakeException {
    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }
}
