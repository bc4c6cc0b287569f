package dev.warren.interop;

/** How much the cases move. */
record Sizes(
    long echoBytes,
    int streams,
    long hashBytes,
    long slowBytes,
    long slowPauseMillis,
    long perfBytes,
    int churnStreams,
    int dhtNodes) {
  private static final long MIB = 1 << 20;

  /** What the table in docs/interop.md is made with. */
  static final Sizes FULL =
      new Sizes(256 * MIB, 1_000, 16 * MIB, 16 * MIB, 5_000, 256 * MIB, 2_000, 30);

  /** Enough to see that nothing is broken. */
  static final Sizes QUICK = new Sizes(8 * MIB, 300, MIB, 4 * MIB, 1_000, 8 * MIB, 300, 20);
}
