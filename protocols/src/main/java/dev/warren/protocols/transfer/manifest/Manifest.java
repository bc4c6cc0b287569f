package dev.warren.protocols.transfer.manifest;

import dev.warren.protocols.transfer.content.Chunk;

/** How large a manifest may be. */
public final class Manifest {
  /** Entries of a share. */
  public static final int MAX_ENTRIES = 1 << 24;

  /** Sum of the paths and targets in a listing: it is kept before anybody agrees to anything. */
  public static final long MAX_NAME_BYTES = 1L << 30;

  /** Chunks of a share, each counted as often as it occurs. */
  public static final int MAX_PLACES = 1 << 26;

  /** Sum of the sizes in a listing: what so many chunks can hold. */
  public static final long MAX_BYTES = (long) MAX_PLACES * Chunk.MAX_BYTES;

  /**
   * How much more content there may be than was listed: files may grow before they are hashed, but
   * what a receiver has agreed to, and has room for, is the listing.
   */
  public static final long MAX_GROWTH_BYTES = 1L << 30;

  /** A shorter chunk is the last of its file. */
  public static final int MIN_INNER_CHUNK_BYTES = 64 * 1024;

  private Manifest() {}
}
