package dev.warren.node;

/** The user did not consent, or ended it. */
public final class CancelledException extends ReceiveException {
  private static final long serialVersionUID = 1L;

  private final boolean declined;

  /** For this node, and for others that take its place in tests. */
  public CancelledException(boolean declined) {
    super(declined ? "nothing was received, as you wished" : "receiving was ended");
    this.declined = declined;
  }

  /** Whether consent was not given, so that nothing has been created. */
  public boolean declined() {
    return declined;
  }
}
