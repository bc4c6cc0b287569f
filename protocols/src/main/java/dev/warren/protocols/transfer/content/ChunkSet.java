package dev.warren.protocols.transfer.content;

/** A set of ordinals that only grows, or of all there are and will be. Safe for many threads. */
public interface ChunkSet {
  /** Whether every chunk is in it, also those to come. */
  boolean everything();

  /** Whether this one is in it. */
  boolean contains(long ordinal);

  /** How many are in it; unspecified when {@link #everything}. */
  long size();

  /**
   * Has the action run after additions, on the thread that adds; it must not block.
   *
   * @return closes to end that
   */
  Subscription onGrowth(Runnable action);

  /** The set as bits, least significant bit of each byte first, without trailing zero bytes. */
  byte[] toBitmap();
}
