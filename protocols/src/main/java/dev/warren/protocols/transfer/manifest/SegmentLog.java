package dev.warren.protocols.transfer.manifest;

import dev.warren.protocols.transfer.content.Subscription;
import java.io.IOException;

/** The segments that a source has of a manifest: a list that only grows. Safe for many threads. */
public interface SegmentLog {
  /** How many there are. */
  long size();

  /** Whether the last one is there. */
  boolean complete();

  /** The segment at an index below {@link #size}. */
  SignedSegment read(long index) throws IOException;

  /**
   * Has the action run, on the thread that adds, after each addition; it must not block.
   *
   * @return closes to end that
   */
  Subscription onGrowth(Runnable action);
}
