package dev.warren.node.share;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.node.store.AuditLog;
import dev.warren.node.store.KnownPeers;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.StoreException;
import dev.warren.protocols.transfer.content.RateLimiter;
import dev.warren.protocols.transfer.serve.ServedShare;
import dev.warren.protocols.transfer.session.RefusedException;
import dev.warren.protocols.transfer.session.RefusedException.Reason;
import dev.warren.sharecodes.ShareId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who may have a share, and keeps account of it. A receiver has several streams, each of
 * which is admitted: it is one receiver all the same, asked about once, and may come back as often
 * as it likes. Safe for many threads.
 */
final class Admissions {
  private static final Logger LOG = LoggerFactory.getLogger(Admissions.class);

  /** How long an admission holds where the share does not say. */
  private static final Duration DEFAULT_LIFE = Duration.ofHours(24);

  private static final String FINISHED = "finished";

  private final ShareId share;
  private final Terms terms;
  private final ShareDatabase database;
  private final KnownPeers peers;
  private final AuditLog audit;
  private final InstantSource clock;
  private final ReceiverListener listener;
  private final ReentrantLock lock = new ReentrantLock();

  /** Those that are here. Guarded by the lock. */
  private final Map<PeerId, Presence> present = new HashMap<>();

  /** Guarded by the lock. */
  private final Set<PeerId> approved = new HashSet<>();

  /** Those that have all of it; outlives the process. Guarded by the lock. */
  private final Set<PeerId> finished;

  /** One lock for each peer that a person is asked about. Guarded by the lock. */
  private final Map<PeerId, ReentrantLock> asking = new HashMap<>();

  /** A receiver that has streams open, and what went over them. */
  private static final class Presence {
    private final Instant since;

    /** Its turns at what all are held to. */
    private final List<RateLimiter.Lane> lanes;

    private int streams;
    private long sent;

    Presence(Instant since, List<RateLimiter> limits) {
      this.since = since;
      this.lanes = limits.stream().map(RateLimiter::lane).toList();
    }
  }

  Admissions(
      ShareId share,
      Terms terms,
      ShareDatabase database,
      KnownPeers peers,
      AuditLog audit,
      InstantSource clock,
      ReceiverListener listener)
      throws StoreException {
    this.share = share;
    this.terms = terms;
    this.database = database;
    this.peers = peers;
    this.audit = audit;
    this.clock = clock;
    this.listener = listener;
    this.finished =
        database.meta(FINISHED).stream()
            .flatMap(text -> Arrays.stream(text.split(" ")))
            .map(PeerId::parse)
            .collect(Collectors.toCollection(HashSet::new));
  }

  /** Admits a stream of a receiver. */
  ServedShare.Admission admit(PeerId peer, Runnable waiting) throws RefusedException {
    try {
      if (peers.blocked(peer).isPresent()) {
        throw new RefusedException(Reason.BLOCKED, "the sharer has blocked you");
      }
      check(peer);
      approve(peer, waiting);
      return enter(peer);
    } catch (RefusedException e) {
      record(
          AuditLog.Event.REFUSED,
          peer,
          new Presence(clock.instant(), List.of()),
          0,
          e.getMessage());
      throw e;
    } catch (StoreException e) {
      LOG.warn("a receiver cannot be let in", e);
      throw new RefusedException(Reason.BUSY, "the sharer's disk cannot be read at the moment");
    }
  }

  private void check(PeerId peer) throws RefusedException {
    if (terms.expires().isPresent() && !clock.instant().isBefore(terms.expires().get())) {
      throw new RefusedException(Reason.EXPIRED, "the share has expired");
    }
    lock.lock();
    try {
      Set<PeerId> others = new HashSet<>(present.keySet());
      others.addAll(finished);
      if (terms.receivers().isPresent()
          && !others.contains(peer)
          && others.size() >= terms.receivers().getAsInt()) {
        throw new RefusedException(
            Reason.EXHAUSTED,
            "the share is for %d, and no more".formatted(terms.receivers().getAsInt()));
      }
    } finally {
      lock.unlock();
    }
  }

  /** Asks about each receiver once, about several at a time. */
  private void approve(PeerId peer, Runnable waiting) throws RefusedException {
    if (!terms.asksPerson() || isApproved(peer)) {
      return;
    }
    waiting.run();
    ReentrantLock asked = askingAbout(peer);
    asked.lock();
    try {
      if (isApproved(peer)) {
        return;
      }
      if (!terms.approval().test(peer)) {
        throw new RefusedException(Reason.NOT_APPROVED, "the sharer has not approved of you");
      }
      lock.lock();
      try {
        approved.add(peer);
      } finally {
        lock.unlock();
      }
    } finally {
      asked.unlock();
    }
  }

  private boolean isApproved(PeerId peer) {
    lock.lock();
    try {
      return approved.contains(peer);
    } finally {
      lock.unlock();
    }
  }

  private ReentrantLock askingAbout(PeerId peer) {
    lock.lock();
    try {
      return asking.computeIfAbsent(peer, any -> new ReentrantLock());
    } finally {
      lock.unlock();
    }
  }

  private ServedShare.Admission enter(PeerId peer) throws RefusedException {
    boolean first;
    Presence presence;
    lock.lock();
    try {
      // Again, since a person may have taken a while.
      check(peer);
      presence =
          present.computeIfAbsent(peer, any -> new Presence(clock.instant(), terms.limits()));
      first = presence.streams++ == 0;
    } finally {
      lock.unlock();
    }
    if (first) {
      try {
        peers.seen(peer, clock.instant());
      } catch (StoreException e) {
        LOG.warn("a receiver cannot be noted", e);
      }
      record(AuditLog.Event.ADMITTED, peer, presence, 0, "");
      listener.joined(peer);
    }
    return new Admitted(peer, presence);
  }

  private void leave(PeerId peer, Presence presence) {
    lock.lock();
    try {
      if (--presence.streams > 0) {
        return;
      }
      present.remove(peer);
      presence.lanes.forEach(RateLimiter.Lane::close);
    } finally {
      lock.unlock();
    }
    record(AuditLog.Event.LEFT, peer, presence, 0, "");
    listener.left(peer);
  }

  private void finish(PeerId peer, Presence presence, long files) {
    boolean exhausted;
    lock.lock();
    try {
      boolean added = finished.add(peer);
      exhausted =
          added && terms.receivers().isPresent() && finished.size() >= terms.receivers().getAsInt();
      if (added) {
        database.putMeta(
            FINISHED, finished.stream().map(PeerId::toString).collect(Collectors.joining(" ")));
      }
    } catch (StoreException e) {
      LOG.warn("it cannot be noted who has a share", e);
      exhausted = false;
    } finally {
      lock.unlock();
    }
    record(AuditLog.Event.COMPLETED, peer, presence, files, "");
    if (exhausted) {
      listener.exhausted();
    }
  }

  private void record(
      AuditLog.Event event, PeerId peer, Presence presence, long files, String detail) {
    Instant now = clock.instant();
    try {
      audit.add(
          new AuditLog.Line(
              now,
              event,
              share.text(),
              peer.toString(),
              sent(presence),
              files,
              Duration.between(presence.since, now).toMillis(),
              detail));
    } catch (StoreException e) {
      LOG.warn("the audit log cannot be written", e);
    }
  }

  private long sent(Presence presence) {
    lock.lock();
    try {
      return presence.sent;
    } finally {
      lock.unlock();
    }
  }

  /** One stream of a receiver. */
  private final class Admitted implements ServedShare.Admission {
    private final PeerId peer;
    private final Presence presence;
    private boolean closed;

    Admitted(PeerId peer, Presence presence) {
      this.peer = peer;
      this.presence = presence;
    }

    @Override
    public Instant expires() {
      return terms.expires().orElseGet(() -> clock.instant().plus(DEFAULT_LIFE));
    }

    @Override
    public int take(int most) throws IOException {
      return RateLimiter.take(presence.lanes, most);
    }

    @Override
    public void sent(long bytes) {
      lock.lock();
      try {
        presence.sent += bytes;
      } finally {
        lock.unlock();
      }
      listener.sent(peer, bytes);
    }

    @Override
    public void receipt(long bytes, long files, long millis, boolean complete) {
      if (complete) {
        finish(peer, presence, files);
        listener.finished(peer, bytes, files, millis);
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        if (closed) {
          return;
        }
        closed = true;
      } finally {
        lock.unlock();
      }
      leave(peer, presence);
    }
  }
}
