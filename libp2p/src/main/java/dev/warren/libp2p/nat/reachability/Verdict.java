package dev.warren.libp2p.nat.reachability;

/** Whether something can be dialed from the internet. */
public enum Verdict {
  /** Nobody has tried, or those who have do not agree. */
  UNKNOWN,
  PUBLIC,
  PRIVATE
}
