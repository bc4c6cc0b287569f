package dev.warren.node;

import java.util.List;

/** What is here of a share was begun on other terms, by which it could only go on. */
public final class BegunOtherwiseException extends ReceiveException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> only;
  private final ConflictPolicy conflicts;

  /**
   * For this node, and for others that take its place in tests.
   *
   * @param only the patterns that chose what to receive; none for all of it
   */
  public BegunOtherwiseException(List<String> only, ConflictPolicy conflicts) {
    super("what is here of it was begun on other terms");
    this.only = List.copyOf(only);
    this.conflicts = conflicts;
  }

  /** The patterns that chose what to receive; none for all of it. */
  public List<String> only() {
    return only;
  }

  /** What becomes of files that are in the way. */
  public ConflictPolicy conflicts() {
    return conflicts;
  }
}
