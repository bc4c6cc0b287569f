package dev.warren.protocols.transfer.fetch;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.protocols.transfer.content.BoxWarmUp;
import dev.warren.protocols.transfer.content.OrdinalRange;
import dev.warren.protocols.transfer.fetch.DownloadProgress.SourceProgress;
import dev.warren.protocols.transfer.manifest.Segment;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import dev.warren.protocols.transfer.session.Announcement;
import dev.warren.protocols.transfer.session.Receipt;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Gets a share from all that have it.
 *
 * <p>Each source has a thread that follows it and tries again when it is lost ({@link
 * SourceWorker}), and while it is connected some that fetch chunks ({@link DataLane}): they ask,
 * check, and write to the target, so what the target cannot take is not asked for. All of them meet
 * here, under one lock, at the {@link ChunkScheduler}.
 *
 * <p>It ends by itself when everything is here, when what is missing cannot be had from anybody,
 * when the target fails, and when the last source has refused or lied. For want of sources that
 * answer it waits; how long is for its owner to decide.
 */
public final class Download implements Closeable {
  /**
   * How many lanes have something on its way at a time, each of which takes some 2 MiB: a popular
   * share has more sources than a receiver has memory.
   */
  private static final int MAX_BUSY_LANES = 12;

  /** How long a source may send nothing of the manifest before another one is asked for it too. */
  static final Duration FEEDER_PATIENCE = Duration.ofSeconds(10);

  private static final int[] NOTHING = {};

  private final ShareTarget target;
  private final SegmentReader reader;
  private final SourceConnector connector;
  private final DownloadListener listener;
  private final TimeSource time;
  private final PeerId self;
  private final PeerId sharer;

  private final ReentrantLock lock = new ReentrantLock();

  /** Something that a lane or the owner may wait for has changed. */
  private final Condition changed = lock.newCondition();

  /** Held while a segment is added, so that they are added in order; taken before {@link #lock}. */
  private final ReentrantLock manifestLock = new ReentrantLock();

  // All that follow are guarded by lock.
  private final ChunkScheduler scheduler;
  private final Map<PeerId, SourceWorker> workers = new LinkedHashMap<>();
  private final BitSet lost = new BitSet();
  private Optional<SourceWorker> feeder = Optional.empty();
  private Optional<Announcement> announcement = Optional.empty();
  private @Nullable IOException failure;
  private boolean manifestComplete;
  private long receivedBytes;
  private int busyLanes;

  /** Lanes that wait for their turn, or for something to do. */
  private int waiting;

  private boolean paused;
  private boolean closed;

  /**
   * A download that goes on from what the target has, once it has a source.
   *
   * @param self who fetches, and is no source
   * @param sharer whose word is final; other sources may lie, or know less
   */
  public Download(
      PeerId self,
      PeerId sharer,
      ShareTarget target,
      SegmentReader reader,
      SourceConnector connector,
      DownloadListener listener,
      TimeSource time,
      RandomGenerator random)
      throws IOException {
    BoxWarmUp.start();
    this.self = self;
    this.sharer = sharer;
    this.target = target;
    this.reader = reader;
    this.connector = connector;
    this.listener = listener;
    this.time = time;
    scheduler = new ChunkScheduler(random);
    manifestComplete = target.segments().complete();
    growTo(target.chunkCount());
  }

  /** Fetches from this peer too, from now on; does nothing for one that is known. */
  public void addSource(PeerId source) {
    lock.lock();
    try {
      if (closed || source.equals(self) || workers.containsKey(source) || !hasRoom()) {
        return;
      }
      var worker = new SourceWorker(this, source, connector);
      workers.put(source, worker);
      Thread.ofVirtual().name("warren-source").start(worker::run);
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is room for one more source, if need be that of one that was never reached. */
  private boolean hasRoom() {
    if (workers.size() < ChunkScheduler.MAX_SOURCES) {
      return true;
    }
    Optional<SourceWorker> unreached =
        workers.values().stream()
            .filter(worker -> !worker.wasReached() && !isSharer(worker))
            .findFirst();
    unreached.ifPresent(
        worker -> {
          workers.remove(worker.peer());
          worker.close();
        });
    return unreached.isPresent();
  }

  /** Tries a source now that it may be reached again, and not after its delay. */
  public void retry(PeerId source) {
    worker(source).ifPresent(SourceWorker::retry);
  }

  /** There is another connection with a source, to which it moves if that is the better way. */
  public void move(PeerId source) {
    worker(source).ifPresent(SourceWorker::move);
  }

  private Optional<SourceWorker> worker(PeerId source) {
    lock.lock();
    try {
      return Optional.ofNullable(workers.get(source));
    } finally {
      lock.unlock();
    }
  }

  /** Asks for nothing more until {@link #resume}; what was asked for still arrives. */
  public void pause() {
    change(() -> paused = true);
  }

  /** Goes on after {@link #pause}. */
  public void resume() {
    change(() -> paused = false);
  }

  /** Tells the sources what can be fetched from here, now and when they are connected anew. */
  public void announce(Announcement news) {
    change(() -> announcement = Optional.of(news));
    connected(worker -> worker.announce(news));
  }

  /** Tells the sources how it went. */
  public void sendReceipt(Receipt receipt) {
    connected(worker -> worker.receipt(receipt));
  }

  /**
   * Waits until everything is here. Sources stay connected, so that they learn what can be fetched
   * from here; {@link #close} ends that.
   *
   * @throws IncompleteShareException if some of it cannot be had any more, and the rest is here
   * @throws TargetException if the target failed
   * @throws IOException if no source is left, for the reason that the last one gave, or the
   *     download was closed
   */
  public void await() throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!ended()) {
        changed.await();
      }
      if (failure != null) {
        throw failure;
      }
      if (!scheduler.complete()) {
        throw new IncompleteShareException(lost.cardinality(), lost.nextSetBit(0));
      }
    } finally {
      lock.unlock();
    }
  }

  /** How far it has come. */
  public DownloadProgress progress() {
    lock.lock();
    try {
      List<SourceProgress> sources = new ArrayList<>();
      workers.values().forEach(worker -> worker.progress().ifPresent(sources::add));
      return new DownloadProgress(
          scheduler.count(), scheduler.doneCount(), receivedBytes, manifestComplete, sources);
    } finally {
      lock.unlock();
    }
  }

  /** Leaves all sources. What is here stays. */
  @Override
  public void close() {
    List<SourceWorker> ending;
    lock.lock();
    try {
      closed = true;
      if (!ended()) {
        failure = new IOException("the download was ended");
      }
      ending = List.copyOf(workers.values());
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    ending.forEach(SourceWorker::close);
  }

  // What follows is for the workers and their lanes.

  DownloadListener listener() {
    return listener;
  }

  boolean isSharer(SourceWorker worker) {
    return worker.peer().equals(sharer);
  }

  TimeSource time() {
    return time;
  }

  ShareTarget target() {
    return target;
  }

  Optional<Announcement> announcement() {
    lock.lock();
    try {
      return announcement;
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing more is to be fetched or followed. */
  boolean isClosed() {
    lock.lock();
    try {
      return isOver();
    } finally {
      lock.unlock();
    }
  }

  private boolean isOver() {
    return closed || failure != null;
  }

  ChunkScheduler.Source join() {
    lock.lock();
    try {
      return scheduler.join();
    } finally {
      lock.unlock();
    }
  }

  /** A source is not connected any more. */
  void leave(SourceWorker worker, ChunkScheduler.Source source) {
    change(() -> scheduler.leave(source));
    if (stopsFeeding(worker)) {
      connected(other -> feedFrom(other));
    }
  }

  /**
   * Has the worker's source send the manifest, unless another one does; the sharer, who has it
   * first, does in any case.
   */
  void feedFrom(SourceWorker worker) {
    lock.lock();
    try {
      if (manifestComplete || (feeder.isPresent() && !isSharer(worker))) {
        return;
      }
      feeder = Optional.of(worker);
    } finally {
      lock.unlock();
    }
    feed(worker);
  }

  private void feed(SourceWorker worker) {
    long from = target.segments().size();
    worker.follow(from);
    var _ = time.after(FEEDER_PATIENCE, () -> feedFromAnother(worker, from));
  }

  /** A source that sends nothing may have nothing more, or be up to no good. */
  private void feedFromAnother(SourceWorker silent, long from) {
    SourceWorker next = silent;
    lock.lock();
    try {
      if (isOver() || manifestComplete || !feeder.equals(Optional.of(silent))) {
        return;
      }
      if (target.segments().size() == from) {
        next = successor(silent);
        feeder = Optional.of(next);
      }
    } finally {
      lock.unlock();
    }
    feed(next);
  }

  /** The source whose turn it is after another one; the same if there is none. */
  private SourceWorker successor(SourceWorker worker) {
    List<SourceWorker> all = new ArrayList<>(workers.values());
    Collections.rotate(all, -all.indexOf(worker) - 1);
    return all.stream().filter(SourceWorker::isConnected).findFirst().orElse(worker);
  }

  private boolean stopsFeeding(SourceWorker worker) {
    lock.lock();
    try {
      boolean fed = feeder.filter(worker::equals).isPresent();
      if (fed) {
        feeder = Optional.empty();
      }
      return fed;
    } finally {
      lock.unlock();
    }
  }

  /** A source sent a segment. */
  void grown(SignedSegment signed) throws LyingSourceException {
    manifestLock.lock();
    try {
      if (signed.index() != target.segments().size() || target.segments().complete()) {
        return; // another source was quicker
      }
      Segment segment = reader.read(signed);
      int[] neededAgain = target.add(signed, segment);
      change(
          () -> {
            for (int ordinal : neededAgain) {
              scheduler.needAgain(ordinal);
            }
          });
      growTo(target.chunkCount());
      if (target.segments().complete()) {
        change(() -> manifestComplete = true);
      }
    } catch (LyingSourceException e) {
      throw e;
    } catch (IOException e) {
      fail(e);
    } finally {
      manifestLock.unlock();
    }
  }

  private void growTo(long chunkCount) throws IOException {
    if (chunkCount > ChunkScheduler.MAX_CHUNKS) {
      throw new IOException(
          "the share has more than " + ChunkScheduler.MAX_CHUNKS + " chunks of content");
    }
    int newCount = (int) chunkCount;
    change(
        () -> {
          for (int ordinal = scheduler.count(); ordinal < newCount; ordinal++) {
            if (target.isDone(ordinal)) {
              scheduler.done(ordinal);
            }
          }
          scheduler.grow(newCount);
        });
  }

  void holdsEverything(ChunkScheduler.Source source) {
    change(() -> scheduler.holdsEverything(source));
  }

  void holds(ChunkScheduler.Source source, BitSet chunks) {
    change(
        () -> {
          for (int first = chunks.nextSetBit(0); first >= 0; ) {
            int end = chunks.nextClearBit(first);
            scheduler.holds(source, new OrdinalRange(first, end - first));
            first = chunks.nextSetBit(end);
          }
        });
  }

  /**
   * What else to ask a source for.
   *
   * @param mayYield whether others that wait for their turn go first
   * @return ordinals; empty when there is nothing at the moment
   */
  int[] assign(ChunkScheduler.Source source, int max, boolean mayYield) {
    lock.lock();
    try {
      boolean yields = mayYield && waiting > 0 && busyLanes == MAX_BUSY_LANES;
      return isOver() || paused || yields ? NOTHING : scheduler.next(source, max);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until it is a lane's turn and there is something to ask its source for. The turn is given
   * back by {@link #rest}.
   *
   * @return ordinals; empty, and no turn was taken, when there will be nothing any more
   */
  int[] awaitTurn(ChunkScheduler.Source source, int max, DataLane lane) {
    lock.lock();
    try {
      while (!isOver() && !lane.isEnding()) {
        if (!paused) {
          boolean free = busyLanes < MAX_BUSY_LANES;
          int[] batch = free ? scheduler.next(source, max) : NOTHING;
          if (free && batch.length == 0) {
            batch = scheduler.help(source, max);
          }
          if (batch.length > 0) {
            busyLanes++;
            return batch;
          }
        }
        waiting++;
        changed.awaitUninterruptibly();
        waiting--;
      }
      return NOTHING;
    } finally {
      lock.unlock();
    }
  }

  /** A lane has nothing on its way. */
  void rest() {
    change(() -> busyLanes--);
  }

  /** Wakes those who wait, one of whom may have been closed. */
  void wake() {
    change(() -> {});
  }

  boolean isDone(int ordinal) {
    lock.lock();
    try {
      return scheduler.isDone(ordinal);
    } finally {
      lock.unlock();
    }
  }

  /** A chunk is in its place; which source gave it, or none when it was on the disk already. */
  void done(Optional<ChunkScheduler.Source> source, int ordinal, int bytes) {
    lock.lock();
    try {
      source.ifPresent(giver -> scheduler.given(giver, ordinal));
      scheduler.done(ordinal);
      receivedBytes += bytes;
      if (scheduler.complete()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** A source has said that it cannot give a chunk, finally if it should have it. */
  void cannotGive(ChunkScheduler.Source source, int ordinal, boolean forGood) {
    change(
        () -> {
          scheduler.cannotGive(source, ordinal);
          lost.set(ordinal, forGood && !scheduler.obtainable(ordinal));
        });
  }

  /** Ends the download. */
  void fail(IOException reason) {
    change(
        () -> {
          if (failure == null) {
            failure = reason;
          }
        });
  }

  /** A source is of no use any more. When it was the last one, so is the download. */
  void dropped(SourceWorker worker, IOException reason) {
    listener.dropped(worker.peer(), reason);
    change(
        () -> {
          if (failure == null && workers.values().stream().allMatch(SourceWorker::isUseless)) {
            failure = reason;
          }
        });
  }

  private boolean ended() {
    if (failure != null) {
      return true;
    }
    if (!manifestComplete) {
      return false;
    }
    return scheduler.complete() || (!lost.isEmpty() && onlyLostIsMissing());
  }

  private boolean onlyLostIsMissing() {
    for (int ordinal = scheduler.firstUndone(0);
        ordinal >= 0;
        ordinal = scheduler.firstUndone(ordinal + 1)) {
      if (!lost.get(ordinal)) {
        return false;
      }
    }
    return true;
  }

  private void connected(Consumer<SourceWorker> action) {
    List<SourceWorker> all;
    lock.lock();
    try {
      all = List.copyOf(workers.values());
    } finally {
      lock.unlock();
    }
    all.stream().filter(SourceWorker::isConnected).forEach(action);
  }

  private void change(Runnable action) {
    lock.lock();
    try {
      action.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
