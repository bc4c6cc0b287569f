package dev.warren.protocols.transfer.fetch;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.protocols.transfer.fetch.DownloadProgress.SourceProgress;
import dev.warren.protocols.transfer.session.Announcement;
import dev.warren.protocols.transfer.session.FollowEvent;
import dev.warren.protocols.transfer.session.Receipt;
import dev.warren.protocols.transfer.session.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One source, for as long as the download wants it: connects, follows, fetches by lanes, and after
 * a loss tries again. Runs on a thread of its own, on which all that is not said to be from any
 * thread happens.
 */
final class SourceWorker {
  /**
   * So that one lane can check and write while the other receives. More would not be quicker where
   * the source's link or this machine's two cores are the limit.
   */
  private static final int LANES = 2;

  /**
   * What was asked for may still come, so that nothing is sent twice; but the better way is not to
   * wait for a slow one.
   */
  static final Duration MOVE_PATIENCE = Duration.ofMillis(2_500);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_RETRY = Duration.ofSeconds(30);

  /** So often a source that had the share may not know of it: it was started again a moment ago. */
  private static final int MAX_UNKNOWN = 5;

  /** More than any manifest has: a place from which there is nothing to send. */
  private static final long BEYOND = Long.MAX_VALUE;

  private final Download download;
  private final PeerId peer;
  private final SourceConnector connector;
  private final AtomicLong receivedBytes = new AtomicLong();

  /** Counts the chunks and the segments that have come of it. */
  private final AtomicLong given = new AtomicLong();

  private final ReentrantLock lock = new ReentrantLock();

  // All that follow are guarded by lock.
  private @Nullable SourceLink link;
  private @Nullable FollowStream follow;
  private @Nullable CountDownLatch retry;
  private List<DataLane> lanes = List.of();
  private boolean moving;
  private boolean closed;

  /** How often it may still say that it does not know the share. Of the worker's thread. */
  private int unknownAllowed;

  /** Nothing good will come from it any more. */
  private volatile boolean useless;

  private volatile boolean reached;

  SourceWorker(Download download, PeerId peer, SourceConnector connector) {
    this.download = download;
    this.peer = peer;
    this.connector = connector;
  }

  PeerId peer() {
    return peer;
  }

  boolean isUseless() {
    return useless;
  }

  /** Whether it has let us in, ever. */
  boolean wasReached() {
    return reached;
  }

  void run() {
    Duration retryAfter = FIRST_RETRY;
    while (!download.isClosed() && !isClosed()) {
      IOException end;
      long givenBefore = given.get();
      try (SourceLink fresh = connector.connect(peer)) {
        FollowStream following = fresh.follow();
        reached = true;
        unknownAllowed = MAX_UNKNOWN;
        end = stay(fresh, following);
      } catch (IOException e) {
        end = e;
      } catch (RuntimeException | Error e) { // as good as a source that breaks
        end = new IOException("there was a fault: " + e, e);
      }
      if (download.isClosed() || isClosed()) {
        return;
      }
      if (end instanceof LyingSourceException || isFinal(end)) {
        useless = true;
        download.dropped(this, end);
        return;
      }
      if (hasMoved()) {
        continue;
      }
      if (given.get() > givenBefore) { // to be let in is not enough
        retryAfter = FIRST_RETRY;
      }
      download.listener().lost(peer, end, retryAfter);
      await(retryAfter);
      retryAfter = min(retryAfter.multipliedBy(2), LAST_RETRY);
    }
  }

  /**
   * A refusal for now is none for ever, and others than the sharer may let us in once we have a
   * newer token of the sharer's.
   */
  private boolean isFinal(IOException end) {
    return end instanceof RefusedException refused
        && switch (refused.reason()) {
          case BUSY -> false;
          case EXPIRED, NOT_APPROVED -> download.isSharer(this);
          case UNKNOWN -> unknownAllowed-- <= 0;
          case BLOCKED, EXHAUSTED -> true;
        };
  }

  /** Follows and fetches until something breaks; says what. */
  private IOException stay(SourceLink fresh, FollowStream following) {
    ChunkScheduler.Source source = download.join();
    List<DataLane> opened = new ArrayList<>();
    var running = new AtomicInteger(LANES);
    try {
      if (!connected(fresh, following)) {
        return new IOException("the download was ended");
      }
      download.listener().connected(peer, fresh.path());
      for (int i = 0; i < LANES; i++) {
        var lane =
            new DataLane(
                download,
                source,
                download.isSharer(this),
                fresh.data(),
                this::received,
                () -> laneEnded(running, following));
        opened.add(lane);
        lane.start();
      }
      opened(opened);
      following.follow(BEYOND);
      download.feedFrom(this);
      Optional<Announcement> news = download.announcement();
      if (news.isPresent()) {
        following.announce(news.get());
      }
      while (true) {
        take(following.next(), source);
      }
    } catch (IOException e) {
      return opened.stream().flatMap(lane -> lane.failure().stream()).findFirst().orElse(e);
    } finally {
      disconnected();
      fresh.close();
      opened.forEach(DataLane::close);
      opened.forEach(DataLane::join);
      download.leave(this, source);
    }
  }

  /** One that has failed ends all of the source, and so does the last that has finished. */
  private void laneEnded(AtomicInteger running, FollowStream following) {
    if (running.decrementAndGet() == 0 || !isMoving()) {
      following.close();
    }
  }

  private void opened(List<DataLane> opened) {
    lock.lock();
    try {
      lanes = opened;
    } finally {
      lock.unlock();
    }
    move(); // there may be a better way by now
  }

  private boolean isMoving() {
    lock.lock();
    try {
      return moving;
    } finally {
      lock.unlock();
    }
  }

  private boolean hasMoved() {
    lock.lock();
    try {
      boolean moved = moving;
      moving = false;
      return moved;
    } finally {
      lock.unlock();
    }
  }

  private void take(FollowEvent event, ChunkScheduler.Source source) throws LyingSourceException {
    switch (event) {
      case FollowEvent.Grown grown -> {
        download.grown(grown.segment());
        given.incrementAndGet();
      }
      case FollowEvent.HoldsEverything _ -> download.holdsEverything(source);
      case FollowEvent.Holds holds -> download.holds(source, holds.chunks());
      case FollowEvent.Seeds seeds -> {
        if (download.isSharer(this)) { // docs/protocols/transfer.md: others are not believed
          seeds.seeds().forEach(download.listener()::discovered);
        }
      }
    }
  }

  private void received(int bytes) {
    receivedBytes.addAndGet(bytes);
    given.incrementAndGet();
  }

  // From any thread.

  boolean isConnected() {
    return following().isPresent();
  }

  void follow(long fromSegment) {
    tell(stream -> stream.follow(fromSegment));
  }

  void announce(Announcement announcement) {
    tell(stream -> stream.announce(announcement));
  }

  void receipt(Receipt receipt) {
    tell(stream -> stream.receipt(receipt));
  }

  Optional<SourceProgress> progress() {
    lock.lock();
    try {
      return link == null
          ? Optional.empty()
          : Optional.of(new SourceProgress(peer, link.path(), receivedBytes.get()));
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Opens its streams anew, if there is a better way to the source. */
  void move() {
    List<DataLane> finishing;
    FollowStream following;
    lock.lock();
    try {
      if (moving || link == null || follow == null || lanes.isEmpty() || !link.isSuperseded()) {
        return;
      }
      moving = true;
      finishing = lanes;
      following = follow;
    } finally {
      lock.unlock();
    }
    finishing.forEach(DataLane::finish);
    var _ = download.time().after(MOVE_PATIENCE, following::close);
  }

  /** Ends the wait for the next attempt. */
  void retry() {
    lock.lock();
    try {
      if (retry != null) {
        retry.countDown();
      }
    } finally {
      lock.unlock();
    }
  }

  void close() {
    SourceLink open;
    lock.lock();
    try {
      closed = true;
      open = link;
      if (retry != null) {
        retry.countDown();
      }
    } finally {
      lock.unlock();
    }
    if (open != null) {
      open.close();
    }
  }

  private interface Message {
    void send(FollowStream stream) throws IOException;
  }

  /** What breaks here breaks the following too, which is where it is dealt with. */
  private void tell(Message message) {
    following()
        .ifPresent(
            stream -> {
              try {
                message.send(stream);
              } catch (IOException e) {
                stream.close();
              }
            });
  }

  private Optional<FollowStream> following() {
    lock.lock();
    try {
      return Optional.ofNullable(follow);
    } finally {
      lock.unlock();
    }
  }

  private boolean connected(SourceLink fresh, FollowStream following) {
    lock.lock();
    try {
      link = fresh;
      follow = following;
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private void disconnected() {
    lock.lock();
    try {
      link = null;
      follow = null;
      lanes = List.of();
    } finally {
      lock.unlock();
    }
  }

  private void await(Duration delay) {
    var due = new CountDownLatch(1);
    lock.lock();
    try {
      if (closed) {
        return;
      }
      retry = due;
    } finally {
      lock.unlock();
    }
    TimeSource.Scheduled scheduled = download.time().after(delay, due::countDown);
    try {
      due.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      scheduled.cancel();
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
