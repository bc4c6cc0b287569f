package dev.warren.node.receive;

/** What becomes of an entry; its number is what the database has. */
enum EntryState {
  /** It is to be received. */
  WANTED(0),
  /** It is not: something is in its place that stays. */
  SKIPPED(1),
  /** It is there under its name. */
  FINISHED(2),
  /** It is to be received, and replaces what has its name. */
  REPLACING(3),
  /** It was not asked for. */
  EXCLUDED(4),
  /** It was to be received, but the sharer does not have it any more. */
  GONE(5);

  private final int number;

  EntryState(int number) {
    this.number = number;
  }

  static EntryState of(int number) {
    for (EntryState state : values()) {
      if (state.number == number) {
        return state;
      }
    }
    throw new IllegalArgumentException("no state of an entry: " + number);
  }

  int number() {
    return number;
  }

  boolean isDue() {
    return this == WANTED || this == REPLACING;
  }
}
