package dev.warren.protocols.transfer.serve;

import dev.warren.libp2p.transport.TimeSource;
import dev.warren.protocols.transfer.content.Subscription;
import dev.warren.protocols.transfer.manifest.SegmentLog;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import dev.warren.protocols.transfer.serve.ServedShare.Admission;
import dev.warren.protocols.transfer.session.Announcement;
import dev.warren.protocols.transfer.session.FollowAnswer;
import dev.warren.protocols.transfer.session.FollowEvent;
import dev.warren.protocols.transfer.session.FollowEvent.Seed;
import dev.warren.protocols.transfer.session.FollowRequest;
import dev.warren.protocols.transfer.session.FollowRequest.From;
import dev.warren.protocols.transfer.session.Receipt;
import java.io.IOException;
import java.time.Duration;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream on which a receiver follows a share. One thread sends what is new, another reads what
 * the receiver says; what is new is noted by whoever brings it about, never sent by them.
 */
final class FollowService {
  private static final Logger log = LoggerFactory.getLogger(FollowService.class);

  /** Chunks come by the thousand; a receiver plans by what others hold, not by each of them. */
  private static final Duration HOLDINGS_PACE = Duration.ofMillis(250);

  private static final Duration SEEDS_PACE = Duration.ofSeconds(5);

  /** One at the end, one for each time that a person thought it was. */
  private static final int MAX_RECEIPTS = 16;

  private enum Topic {
    SEGMENTS,
    HOLDINGS,
    SEEDS
  }

  private final ServedShare share;
  private final Optional<Swarm.Member> swarm;
  private final Admission admission;
  private final Runnable satisfied;
  private final FollowAnswer answer;
  private final Pacer holdingsPacer;
  private final Pacer seedsPacer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // All guarded by lock.
  private final Set<Topic> due = EnumSet.noneOf(Topic.class);
  private long nextSegment = Long.MAX_VALUE;
  private boolean ended;
  private @Nullable IOException failure;

  // Of the sending thread.
  private BitSet toldHoldings = new BitSet();
  private boolean toldEverything;
  private boolean toldSeeds;

  /** Of the reading thread. */
  private int receipts;

  /**
   * @param swarm in which the receiver is, if this is the sharer
   * @param satisfied is run when the receiver says that it has everything
   */
  FollowService(
      ServedShare share,
      Optional<Swarm.Member> swarm,
      Admission admission,
      Runnable satisfied,
      FollowAnswer answer,
      TimeSource time) {
    this.share = share;
    this.swarm = swarm;
    this.admission = admission;
    this.satisfied = satisfied;
    this.answer = answer;
    holdingsPacer = new Pacer(time, HOLDINGS_PACE, () -> note(Topic.HOLDINGS));
    seedsPacer = new Pacer(time, SEEDS_PACE, () -> note(Topic.SEEDS));
  }

  /** Serves the stream to its end, on the calling thread and another. */
  void run() throws IOException {
    try (Subscription _ = share.segments().onGrowth(() -> note(Topic.SEGMENTS));
        Subscription _ = share.chunks().onGrowth(holdingsPacer::happened);
        Subscription _ =
            swarm.map(member -> member.onChange(seedsPacer::happened)).orElse(() -> {})) {
      holdingsPacer.happened();
      seedsPacer.happened();
      Thread.ofVirtual().name("warren-follow").start(this::listen);
      while (true) {
        Optional<Topic> topic = await();
        if (topic.isEmpty()) {
          return;
        }
        tell(topic.get());
      }
    } finally {
      swarm.ifPresent(Swarm.Member::close);
    }
  }

  // ---- the reading thread

  private void listen() {
    try {
      for (Optional<FollowRequest> request = answer.next();
          request.isPresent();
          request = answer.next()) {
        take(request.get());
      }
      end(Optional.empty());
    } catch (IOException e) {
      end(Optional.of(e));
    } catch (RuntimeException e) {
      log.warn("a follower's word met a fault", e);
      end(Optional.of(new IOException("an internal fault", e)));
    }
  }

  private void take(FollowRequest request) throws IOException {
    switch (request) {
      case From from -> {
        lock.lock();
        try {
          nextSegment = from.segment();
          due.add(Topic.SEGMENTS);
          changed.signal();
        } finally {
          lock.unlock();
        }
      }
      case Announcement said -> swarm.ifPresent(member -> member.announce(said));
      case Receipt said -> {
        if (++receipts > MAX_RECEIPTS) {
          throw new IOException("the receiver sends receipts without end");
        }
        admission.receipt(said.bytes(), said.files(), said.millis(), said.complete());
        if (said.complete()) {
          satisfied.run();
        }
      }
    }
  }

  private void end(Optional<IOException> cause) {
    lock.lock();
    try {
      ended = true;
      failure = cause.orElse(null);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  // ---- those who bring something about

  private void note(Topic topic) {
    lock.lock();
    try {
      due.add(topic);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  // ---- the sending thread

  /** What is to be told next, the short before the long; empty when the receiver has gone. */
  private Optional<Topic> await() throws IOException {
    lock.lock();
    try {
      while (due.isEmpty() && !ended) {
        changed.awaitUninterruptibly();
      }
      if (failure != null) {
        throw failure;
      }
      if (ended) {
        return Optional.empty();
      }
      Topic next =
          due.contains(Topic.SEEDS)
              ? Topic.SEEDS
              : due.contains(Topic.HOLDINGS) ? Topic.HOLDINGS : Topic.SEGMENTS;
      due.remove(next);
      return Optional.of(next);
    } finally {
      lock.unlock();
    }
  }

  private void tell(Topic topic) throws IOException {
    switch (topic) {
      case SEGMENTS -> tellSegment();
      case HOLDINGS -> tellHoldings();
      case SEEDS -> tellSeeds();
    }
  }

  /** One at a time: the receiver may want others meanwhile, and what is shorter goes before. */
  private void tellSegment() throws IOException {
    SegmentLog segments = share.segments();
    long index;
    lock.lock();
    try {
      index = nextSegment;
      if (index >= segments.size()) {
        return;
      }
      nextSegment++;
      due.add(Topic.SEGMENTS);
    } finally {
      lock.unlock();
    }
    SignedSegment segment = segments.read(index);
    // Also bytes on the line, of which a receiver can have as many as it likes.
    for (int left = segment.body().length; left > 0; ) {
      left -= admission.take(left);
    }
    answer.tell(new FollowEvent.Grown(segment));
  }

  private void tellSeeds() throws IOException {
    List<Seed> others = swarm.map(Swarm.Member::others).orElse(List.of());
    if (toldSeeds || !others.isEmpty()) {
      toldSeeds = true;
      answer.tell(new FollowEvent.Seeds(others));
    }
  }

  private void tellHoldings() throws IOException {
    if (share.chunks().everything()) {
      if (!toldEverything) {
        toldEverything = true;
        answer.tell(new FollowEvent.HoldsEverything());
      }
      return;
    }
    BitSet holdings = BitSet.valueOf(share.chunks().toBitmap());
    BitSet fresh = (BitSet) holdings.clone();
    fresh.andNot(toldHoldings);
    toldHoldings = holdings;
    if (!fresh.isEmpty()) {
      answer.tell(new FollowEvent.Holds(fresh));
    }
  }
}
