package dev.warren.protocols.transfer.fetch;

import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.manifest.Segment;
import dev.warren.protocols.transfer.manifest.SegmentLog;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import java.io.IOException;
import java.util.List;

/**
 * Where a download puts what it gets: segments, and chunks that have been compared with their
 * hashes. What it has survives the process. Safe for many threads.
 */
public interface ShareTarget {
  /** The segments that are here, from which a download goes on. */
  SegmentLog segments();

  /**
   * Adds the next segment, whose signature holds. Waits, for content, until it is agreed what of
   * the listing is wanted.
   *
   * @return chunks that were {@linkplain #isDone done} since nobody wanted them, and are not any
   *     more
   */
  int[] add(SignedSegment signed, Segment segment) throws IOException;

  /** How many chunks the manifest names so far. */
  long chunkCount();

  /** About how long those chunks are; at least 1. */
  int averageChunkBytes();

  /** Some of those chunks, from an ordinal on, in order. */
  List<Chunk> chunks(long first, int count) throws IOException;

  /**
   * Whether a chunk is here, or need not be fetched since nothing that is wanted contains it. Of
   * chunks that a segment names first, this is up to date when the segment has been added.
   */
  boolean isDone(long ordinal);

  /**
   * Fills from content that is on the disk already what can be; called before chunks are asked for.
   *
   * @return those of the ordinals that have to be fetched
   */
  int[] reuse(int[] ordinals) throws IOException;

  /** Writes a chunk to every place where it belongs. Content that was there already is no error. */
  void write(long ordinal, byte[] array, int offset, int length) throws IOException;
}
