package dev.warren.protocols.transfer.fetch;

import dev.warren.protocols.transfer.content.OrdinalRange;
import dev.warren.protocols.transfer.session.TransferProtocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Decides which source is asked for which chunks. A pure state machine: no clock, no thread; the
 * caller owns the lock.
 *
 * <p>Every chunk is missing, asked for, or done. While all sources hold everything, chunks are
 * asked for in order, so that files are finished one after the other and few are open. As soon as
 * some source holds only a part, the rarest go first, and among equally rare ones each receiver
 * begins at a place of its own: so receivers of one share soon have different parts to give to each
 * other.
 *
 * <p>When nothing is missing any more but something is still asked for, an idle source {@link #help
 * helps} with it: one slow source does not hold up the end. No chunk is asked for more than twice
 * at a time.
 */
final class ChunkScheduler {
  /** The most chunks of a share; an ordinal fits an int, and one bit each is 8 MiB. */
  static final int MAX_CHUNKS = TransferProtocol.MAX_CHUNKS;

  /** The most sources at a time. */
  static final int MAX_SOURCES = 64;

  /**
   * How many ranges that a source holds are remembered before the manifest names them. They may be
   * made up, so that what is kept for them follows what the source says and not how far it reaches.
   */
  private static final int MAX_AHEAD = 1024;

  /** The most that one request names. */
  static final int MAX_BATCH = 1024;

  /**
   * How many missing chunks are compared for rarity before one is chosen: up to 16 GiB the choice
   * is exact, and beyond it does not get slower.
   */
  private static final int COMPARED = 1 << 16;

  private final RandomGenerator random;
  private final Set<Source> sources = new LinkedHashSet<>();
  private final BitSet done = new BitSet();

  /** Neither done nor asked for. */
  private final BitSet missing = new BitSet();

  /** Asked for at a second source. */
  private final BitSet askedTwice = new BitSet();

  /** How many partial sources hold each chunk; a byte each, since sources are few. */
  private byte[] holders = {};

  private int partialSources;
  private int count;
  private int doneCount;

  /** Where the comparing begins; moves on with what is chosen. */
  private int cursor;

  ChunkScheduler(RandomGenerator random) {
    this.random = random;
  }

  /** A source as the scheduler sees it. */
  static final class Source {
    private boolean everything;
    private final BitSet held = new BitSet();

    /** What it said that it cannot give, whatever else it says. */
    private final BitSet lacking = new BitSet();

    private final BitSet asked = new BitSet();

    /** What it holds that the manifest does not name yet. */
    private final List<OrdinalRange> ahead = new ArrayList<>();

    private Source() {}

    private boolean has(int ordinal) {
      return (everything || held.get(ordinal)) && !lacking.get(ordinal);
    }
  }

  /** The manifest names so many chunks now. */
  void grow(int newCount) {
    if (newCount > MAX_CHUNKS) {
      throw new IllegalArgumentException("a share of more than " + MAX_CHUNKS + " chunks");
    }
    for (int ordinal = count; ordinal < newCount; ordinal++) {
      missing.set(ordinal, !done.get(ordinal));
    }
    count = Math.max(count, newCount);
    for (Source source : sources) {
      List<OrdinalRange> ahead = List.copyOf(source.ahead);
      source.ahead.clear();
      ahead.forEach(range -> holds(source, range));
    }
  }

  /** The chunk is here, wherever it came from. */
  void done(int ordinal) {
    if (!done.get(ordinal)) {
      done.set(ordinal);
      missing.clear(ordinal);
      doneCount++;
    }
  }

  /** The chunk is not here, though it was said to be done. */
  void needAgain(int ordinal) {
    if (done.get(ordinal)) {
      done.clear(ordinal);
      missing.set(ordinal);
      doneCount--;
    }
  }

  boolean isDone(int ordinal) {
    return done.get(ordinal);
  }

  /** How many chunks the manifest names so far. */
  int count() {
    return count;
  }

  int doneCount() {
    return doneCount;
  }

  /** Whether all chunks that the manifest names so far are here. */
  boolean complete() {
    return doneCount >= count;
  }

  /** One more source, of which nothing is known yet. */
  Source join() {
    if (sources.size() >= MAX_SOURCES) {
      throw new IllegalStateException("more than " + MAX_SOURCES + " sources");
    }
    var source = new Source();
    sources.add(source);
    return source;
  }

  /** The source is gone; what it was asked for is missing again. */
  void leave(Source source) {
    if (sources.remove(source)) {
      source.asked.stream().forEach(ordinal -> forget(source, ordinal));
      if (isPartial(source)) {
        partialSources--;
        source.held.stream().forEach(ordinal -> holders[ordinal]--);
      }
    }
  }

  /** The source holds every chunk, also those to come. */
  void holdsEverything(Source source) {
    if (isPartial(source)) {
      partialSources--;
      source.held.stream().forEach(ordinal -> holders[ordinal]--);
      source.held.clear();
    }
    source.ahead.clear();
    source.everything = true;
  }

  /** The source holds these chunks too. */
  void holds(Source source, OrdinalRange range) {
    if (source.everything) {
      return;
    }
    if (range.end() > count && source.ahead.size() < MAX_AHEAD) {
      long from = Math.max(range.first(), count);
      source.ahead.add(new OrdinalRange(from, range.end() - from));
    }
    int first = (int) Math.min(range.first(), count);
    int end = (int) Math.min(range.end(), count);
    if (first == end) {
      return;
    }
    if (!isPartial(source)) {
      if (partialSources == 0 && count > 0) {
        cursor = random.nextInt(count);
      }
      partialSources++;
    }
    if (holders.length < end) {
      holders = Arrays.copyOf(holders, Math.max(end, Math.min(2 * holders.length, MAX_CHUNKS)));
    }
    for (int ordinal = source.held.nextClearBit(first);
        ordinal < end;
        ordinal = source.held.nextClearBit(ordinal)) {
      source.held.set(ordinal);
      holders[ordinal]++;
    }
  }

  /** The source was asked for the chunk and cannot give it. */
  void cannotGive(Source source, int ordinal) {
    source.lacking.set(ordinal);
    source.asked.clear(ordinal);
    forget(source, ordinal);
  }

  /** The source has given the chunk; whether it is {@link #done} is for the caller to say. */
  void given(Source source, int ordinal) {
    source.asked.clear(ordinal);
    forget(source, ordinal);
  }

  /** Whether some source is known to have a chunk, or is asked for it. */
  boolean obtainable(int ordinal) {
    return sources.stream().anyMatch(source -> source.has(ordinal));
  }

  /** The first chunk from an ordinal on that is not done, or -1. */
  int firstUndone(int from) {
    int ordinal = done.nextClearBit(from);
    return ordinal < count ? ordinal : -1;
  }

  /**
   * What to ask a source for next.
   *
   * @param max the most chunks, up to {@link #MAX_BATCH}
   * @return ordinals in ascending order; empty if there is nothing for it at the moment
   */
  int[] next(Source source, int max) {
    int first = partialSources == 0 ? nextMissing(source, 0) : rarest(source);
    return first >= 0 ? run(source, first, max) : new int[0];
  }

  /**
   * What to ask a source for that has nothing to do: what others were asked for and have not given
   * yet. From the end, since they give it from the beginning: so the two meet, and little comes
   * twice.
   *
   * @return ordinals in ascending order
   */
  int[] help(Source source, int max) {
    int[] batch = new int[Math.min(max, MAX_BATCH)];
    int first = batch.length;
    for (int ordinal = done.previousClearBit(count - 1);
        ordinal >= 0 && first > 0;
        ordinal = done.previousClearBit(ordinal - 1)) {
      boolean elsewhere = !missing.get(ordinal) && !source.asked.get(ordinal);
      if (elsewhere && !askedTwice.get(ordinal) && source.has(ordinal)) {
        askedTwice.set(ordinal);
        source.asked.set(ordinal);
        batch[--first] = ordinal;
      }
    }
    return Arrays.copyOfRange(batch, first, batch.length);
  }

  private int nextMissing(Source source, int from) {
    int ordinal = missing.nextSetBit(from);
    while (ordinal >= 0 && !source.has(ordinal)) {
      ordinal = missing.nextSetBit(ordinal + 1);
    }
    return ordinal;
  }

  private int rarest(Source source) {
    int best = -1;
    int start = Math.min(cursor, count);
    int compared = 0;
    boolean wrapped = false;
    for (int ordinal = nextMissing(source, start); compared < COMPARED; compared++) {
      if (ordinal < 0 && !wrapped) {
        wrapped = true;
        ordinal = nextMissing(source, 0);
      }
      if (ordinal < 0 || (wrapped && ordinal >= start)) {
        break;
      }
      if (best < 0 || holdersOf(ordinal) < holdersOf(best)) {
        best = ordinal;
        if (holdersOf(best) == 0) {
          break;
        }
      }
      ordinal = nextMissing(source, ordinal + 1);
    }
    return best;
  }

  /** The chunk and those that follow it, as long as they are as rare. */
  private int[] run(Source source, int first, int max) {
    int[] batch = new int[Math.min(max, MAX_BATCH)];
    int size = 0;
    for (int ordinal = first;
        size < batch.length
            && missing.get(ordinal)
            && source.has(ordinal)
            && (partialSources == 0 || holdersOf(ordinal) <= holdersOf(first));
        ordinal++) {
      missing.clear(ordinal);
      source.asked.set(ordinal);
      batch[size++] = ordinal;
      cursor = ordinal + 1;
    }
    return Arrays.copyOf(batch, size);
  }

  /** The source is not asked for the chunk any more. */
  private void forget(Source source, int ordinal) {
    askedTwice.clear(ordinal);
    boolean elsewhere =
        sources.stream().anyMatch(other -> other != source && other.asked.get(ordinal));
    if (!elsewhere && !done.get(ordinal)) {
      missing.set(ordinal);
    }
  }

  private int holdersOf(int ordinal) {
    return ordinal < holders.length ? holders[ordinal] : 0;
  }

  private static boolean isPartial(Source source) {
    return !source.everything && !source.held.isEmpty();
  }
}
