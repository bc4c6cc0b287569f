package dev.warren.protocols.transfer.fetch;

import dev.warren.protocols.transfer.manifest.Segment;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import java.io.IOException;

/** Proves and decodes the segments of one manifest, in order. */
@FunctionalInterface
public interface SegmentReader {
  /**
   * Reads the next segment.
   *
   * @throws LyingSourceException if the sharer has not signed it, for which who sent it is to blame
   * @throws IOException if the sharer has signed it and it is none that may be accepted
   */
  Segment read(SignedSegment signed) throws IOException;
}
