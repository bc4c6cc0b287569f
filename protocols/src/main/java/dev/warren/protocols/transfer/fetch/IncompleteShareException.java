package dev.warren.protocols.transfer.fetch;

import java.io.IOException;

/**
 * All that can still be had is here, but some content cannot: the sharer's files changed or could
 * not be read.
 */
public final class IncompleteShareException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int firstLost;

  /** Some chunks are lost, this one the first of them. */
  public IncompleteShareException(int lost, int firstLost) {
    super(
        lost + " chunks cannot be had any more: the sharer's files changed while they were shared");
    this.firstLost = firstLost;
  }

  /** The lowest ordinal that is lost. */
  public int firstLost() {
    return firstLost;
  }
}
