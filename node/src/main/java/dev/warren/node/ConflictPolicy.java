package dev.warren.node;

/** What becomes of a file or link that is to have the name of a different one that is there. */
public enum ConflictPolicy {
  /** It replaces the one that is there, once all of it is here. */
  OVERWRITE,
  /** It gets another name, {@code map (1).zip}. */
  RENAME,
  /** It is not received. */
  SKIP
}
