package dev.warren.protocols.transfer.content;

/** The set of a source that has, or can make, every chunk that the manifest names or will name. */
public enum Everything implements ChunkSet {
  /** The only one. */
  EVERYTHING;

  @Override
  public boolean everything() {
    return true;
  }

  @Override
  public boolean contains(long ordinal) {
    return true;
  }

  @Override
  public long size() {
    return Long.MAX_VALUE;
  }

  /** Never runs it: nothing can be added. */
  @Override
  public Subscription onGrowth(Runnable action) {
    return () -> {};
  }

  @Override
  public byte[] toBitmap() {
    throw new UnsupportedOperationException("no bitmap has every bit");
  }
}
