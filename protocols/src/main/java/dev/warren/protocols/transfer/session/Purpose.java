package dev.warren.protocols.transfer.session;

/** What a stream is for. */
public enum Purpose {
  /** To hear of the share as it grows. */
  FOLLOW,
  /** To get chunks. */
  DATA
}
