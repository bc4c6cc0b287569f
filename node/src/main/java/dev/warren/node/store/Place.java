package dev.warren.node.store;

/** Where a chunk belongs: there may be many such places for one, ordered by these numbers. */
public record Place(long ordinal, long entry, long offset) {
  /** Comes before the first place of a chunk. */
  public static Place before(long ordinal) {
    return new Place(ordinal, -1, -1);
  }
}
