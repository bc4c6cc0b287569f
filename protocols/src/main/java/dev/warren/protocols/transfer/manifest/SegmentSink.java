package dev.warren.protocols.transfer.manifest;

import java.io.IOException;

/** Takes the segments of a manifest as they are made, in order. */
@FunctionalInterface
public interface SegmentSink {
  /** Takes the next one. */
  void add(SignedSegment segment) throws IOException;
}
