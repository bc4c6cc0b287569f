package dev.warren.protocols.transfer.fetch;

import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.Subscription;
import dev.warren.protocols.transfer.manifest.Segment;
import dev.warren.protocols.transfer.manifest.SegmentLog;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Takes a share of a known number of chunks in each segment into memory. */
final class FakeTarget implements ShareTarget {
  final Map<Long, byte[]> written = new ConcurrentHashMap<>();
  final BitSet done = new BitSet();
  final BitSet reusable = new BitSet();
  private final FakeSwarm swarm;
  private final int segments;
  private final int chunksPerSegment;
  private final AtomicInteger added = new AtomicInteger();
  volatile IOException full;

  FakeTarget(FakeSwarm swarm, int segments) {
    this.swarm = swarm;
    this.segments = segments;
    chunksPerSegment = swarm.contents.size() / segments;
  }

  @Override
  public SegmentLog segments() {
    return new SegmentLog() {
      @Override
      public long size() {
        return added.get();
      }

      @Override
      public boolean complete() {
        return added.get() == segments;
      }

      @Override
      public SignedSegment read(long index) {
        throw new AssertionError("nobody asks for it");
      }

      @Override
      public Subscription onGrowth(Runnable action) {
        throw new AssertionError("nobody asks for it");
      }
    };
  }

  @Override
  public int[] add(SignedSegment signed, Segment segment) {
    added.incrementAndGet();
    return new int[0];
  }

  @Override
  public long chunkCount() {
    return (long) added.get() * chunksPerSegment;
  }

  @Override
  public int averageChunkBytes() {
    return 100_000;
  }

  @Override
  public List<Chunk> chunks(long first, int count) {
    return IntStream.range(0, count).mapToObj(i -> swarm.chunk((int) first + i)).toList();
  }

  @Override
  public boolean isDone(long ordinal) {
    return done.get((int) ordinal);
  }

  @Override
  public int[] reuse(int[] ordinals) {
    return IntStream.of(ordinals).filter(ordinal -> !reusable.get(ordinal)).toArray();
  }

  @Override
  public void write(long ordinal, byte[] array, int offset, int length) throws IOException {
    IOException failure = full;
    if (failure != null) {
      throw failure;
    }
    written.put(ordinal, Arrays.copyOfRange(array, offset, offset + length));
  }
}
