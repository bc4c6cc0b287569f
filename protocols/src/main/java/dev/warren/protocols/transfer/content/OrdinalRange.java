package dev.warren.protocols.transfer.content;

/**
 * Some chunks that follow each other.
 *
 * @param first the first ordinal
 * @param count how many, at least one
 */
public record OrdinalRange(long first, long count) {
  /**
   * A range.
   *
   * @throws IllegalArgumentException if it is empty or ends after {@link
   *     GrowingChunkSet#MAX_CHUNKS}
   */
  public OrdinalRange {
    if (first < 0
        || count < 1
        || first >= GrowingChunkSet.MAX_CHUNKS
        || count > GrowingChunkSet.MAX_CHUNKS - first) {
      throw new IllegalArgumentException("a range of " + count + " chunks from " + first);
    }
  }

  /** The ordinal after the last. */
  public long end() {
    return first + count;
  }
}
