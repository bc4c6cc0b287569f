package dev.warren.libp2p.transport;

/**
 * Memory that many connections share.
 *
 * <p>Called from many threads, and never waited on: it must answer at once.
 */
public interface MemoryBudget {

  /** Takes so many bytes, all or none of them. */
  boolean reserve(long bytes);

  /** Gives back what was reserved. */
  void release(long bytes);

  /** A budget that never says no. */
  static MemoryBudget unlimited() {
    return new MemoryBudget() {
      @Override
      public boolean reserve(long bytes) {
        return true;
      }

      @Override
      public void release(long bytes) {}
    };
  }
}
