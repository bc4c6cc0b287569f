package dev.warren.protocols.transfer.manifest;

import dev.warren.protocols.transfer.content.Subscription;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A log in memory. */
public final class SegmentList implements SegmentLog, SegmentSink {
  private final List<SignedSegment> segments = new CopyOnWriteArrayList<>();
  private final List<Runnable> actions = new CopyOnWriteArrayList<>();
  private volatile boolean complete;

  @Override
  public void add(SignedSegment segment) {
    segments.add(segment);
    actions.forEach(Runnable::run);
  }

  /** The segment that was added last is the last one. */
  public void finish() {
    complete = true;
    actions.forEach(Runnable::run);
  }

  @Override
  public long size() {
    return segments.size();
  }

  @Override
  public boolean complete() {
    return complete;
  }

  @Override
  public SignedSegment read(long index) {
    return segments.get(Math.toIntExact(index));
  }

  @Override
  public Subscription onGrowth(Runnable action) {
    actions.add(action);
    return () -> actions.remove(action);
  }
}
