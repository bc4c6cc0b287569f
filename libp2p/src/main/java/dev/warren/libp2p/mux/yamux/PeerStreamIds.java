package dev.warren.libp2p.mux.yamux;

/**
 * The ids that the peer has used for new streams. Owned by the reading thread.
 *
 * <p>Ids need not arrive in order: implementations choose the id when a stream is opened and send
 * it when it is first written to. So the last {@value #REMEMBERED} are remembered one by one; an
 * older one that is not in use any more is let through, since what went by it has long been
 * settled.
 */
final class PeerStreamIds {
  static final int REMEMBERED = 1024;

  private final long[] used = new long[REMEMBERED / Long.SIZE];
  private long highest = -1; // the id without its parity bit

  /** Marks an id as used; false when it is known to have been used before. */
  boolean claim(int streamId) {
    long index = Integer.toUnsignedLong(streamId) >>> 1;
    if (index > highest) {
      forgetUpTo(index);
      highest = index;
    } else if (index <= highest - REMEMBERED) {
      return true;
    } else if ((used[word(index)] & bit(index)) != 0) {
      return false;
    }
    used[word(index)] |= bit(index);
    return true;
  }

  /** Makes room for the ids above the highest, up to this one. */
  private void forgetUpTo(long index) {
    long from = Math.max(highest + 1, index - REMEMBERED + 1);
    for (long i = from; i <= index; i++) {
      used[word(i)] &= ~bit(i);
    }
  }

  private static int word(long index) {
    return (int) (index % REMEMBERED) / Long.SIZE;
  }

  private static long bit(long index) {
    return 1L << index;
  }
}
