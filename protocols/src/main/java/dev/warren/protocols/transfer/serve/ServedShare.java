package dev.warren.protocols.transfer.serve;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.protocols.transfer.content.ChunkSet;
import dev.warren.protocols.transfer.content.Throttle;
import dev.warren.protocols.transfer.manifest.SegmentLog;
import dev.warren.protocols.transfer.session.RefusedException;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import java.io.IOException;
import java.time.Instant;

/**
 * What a source serves: a share of its own, while it is being hashed and after, or one that it
 * received or receives. Safe for many threads.
 */
public interface ServedShare {
  /** The name of the share. */
  ShareId id();

  /** Its key. */
  ShareKey key();

  /** The key of the one who offers it, whose signature its segments bear. */
  PublicKey sharer();

  /** What to call it to people. */
  String name();

  /** What the sharer has to say of it; may be empty. */
  String description();

  /** The manifest, as far as it is here. */
  SegmentLog segments();

  /** The chunks that are here. */
  ChunkSet chunks();

  /**
   * The length of a chunk.
   *
   * @throws ChunkUnavailableException if there is none of this ordinal
   */
  int chunkLength(long ordinal) throws IOException;

  /**
   * Reads a whole chunk. Consecutive ordinals are mostly asked for one after the other.
   *
   * @return its length
   * @throws ChunkUnavailableException if it cannot be had, saying why
   */
  int readChunk(long ordinal, byte[] into, int offset) throws IOException;

  /**
   * Decides on a receiver who has proved to have the key; may take as long as a person needs.
   *
   * @param waiting to be run when it will take long
   * @return permission, closed when the receiver has gone
   * @throws RefusedException if it is not to have the share
   */
  Admission admit(PeerId receiver, Runnable waiting) throws RefusedException;

  /**
   * A receiver that may have the share; what is sent to it is held back by it. What it is told of
   * is for lists and the audit.
   */
  interface Admission extends Throttle, AutoCloseable {
    /** Until when it holds; what the sharer's tokens say to other sources. */
    Instant expires();

    /** Content was sent. */
    void sent(long bytes);

    /** The receiver says how it went. */
    void receipt(long bytes, long files, long millis, boolean complete);

    @Override
    void close();
  }
}
