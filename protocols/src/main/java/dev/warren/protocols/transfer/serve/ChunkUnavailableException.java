package dev.warren.protocols.transfer.serve;

import java.io.IOException;

/** A source cannot give a chunk. Asking another one may help. */
public final class ChunkUnavailableException extends IOException {
  private static final long serialVersionUID = 1L;

  /** Why a chunk cannot be had; the numbers are those of the wire. */
  public enum Reason {
    NOT_HERE(1),
    CHANGED(2),
    FAILED(3);

    private final int number;

    Reason(int number) {
      this.number = number;
    }

    /** The number that stands for it in a box. */
    public int number() {
      return number;
    }
  }

  private final Reason reason;

  /** Says why, with a sentence for the one who looks after the source. */
  public ChunkUnavailableException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
