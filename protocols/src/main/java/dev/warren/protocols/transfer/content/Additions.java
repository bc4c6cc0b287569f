package dev.warren.protocols.transfer.content;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What came into a set since it was last looked at, for telling a peer no more than is new to it.
 * One for each peer, used by one thread at a time; takes as much memory as the set.
 */
public final class Additions {
  private final ChunkSet set;
  private final BitSet told;

  /**
   * Begins with nothing told. Everything has no additions.
   *
   * @param set not {@link ChunkSet#everything}
   */
  public Additions(ChunkSet set) {
    this(set, new byte[0]);
  }

  /**
   * Begins with what a bitmap has told.
   *
   * @param set not {@link ChunkSet#everything}
   */
  public Additions(ChunkSet set, byte[] told) {
    this.set = set;
    this.told = BitSet.valueOf(told);
  }

  /**
   * The ordinals that are new, as ranges in order; they count as told from now on.
   *
   * @param most how many ranges may be returned; what is left comes the next time
   */
  public List<OrdinalRange> take(int most) {
    BitSet fresh = BitSet.valueOf(set.toBitmap());
    fresh.andNot(told);
    List<OrdinalRange> ranges = new ArrayList<>();
    for (int first = fresh.nextSetBit(0); first >= 0 && ranges.size() < most; ) {
      int end = fresh.nextClearBit(first);
      ranges.add(new OrdinalRange(first, end - first));
      told.set(first, end);
      first = fresh.nextSetBit(end);
    }
    return ranges;
  }
}
