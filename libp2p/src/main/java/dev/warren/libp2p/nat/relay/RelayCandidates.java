package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Peers that may be relays, and when each may be asked again. Not thread-safe. */
final class RelayCandidates {
  static final int MAX = 64;

  /** After a refusal by one that has never had us, and the longest after failures. */
  static final Duration LONGEST_BACKOFF = Duration.ofHours(1);

  static final Duration FIRST_BACKOFF = Duration.ofSeconds(1);

  /**
   * So often one that should be there, since it has had a place for us or is configured, is asked
   * again in quick succession: it may just have been started anew.
   */
  static final int QUICK_RETRIES = 10;

  /**
   * So often in all before the pauses grow: a machine may have to start first. Where nobody is who
   * could answer, asking is a burden to nobody.
   */
  static final int RETRIES = 50;

  /** Of the later ones; within it all who lost a place come back to a relay that is up again. */
  static final Duration STEADY_PAUSE = Duration.ofSeconds(3);

  /** One that answers, and has no place or hangs up, uses up so many of them at a time. */
  private static final int COST_OF_ANSWERED = 5;

  /** From there on a place was one: a relay may grant them and hang up, again and again. */
  static final Duration PROVEN = Duration.ofMinutes(1);

  private static final int MAX_DOUBLINGS = 12;

  private static final class Candidate {
    private final PeerId peer;
    private final boolean configured;
    private int failures;
    private boolean served;
    private long dueNanos;

    private Candidate(PeerId peer, boolean configured, long nowNanos) {
      this.peer = peer;
      this.configured = configured;
      dueNanos = nowNanos;
    }

    private boolean isExpected() {
      return configured || served;
    }

    /** How little is hoped of it. One that is asked again soon fails often, and is not worse. */
    private int doubts() {
      return isExpected() && failures <= RETRIES ? Math.min(failures, 1) : failures;
    }

    private Duration pause() {
      int beyond = isExpected() ? failures - RETRIES : failures;
      if (beyond <= 0) {
        return failures <= QUICK_RETRIES ? FIRST_BACKOFF : STEADY_PAUSE;
      }
      Duration pause = FIRST_BACKOFF.multipliedBy(1L << Math.min(beyond, MAX_DOUBLINGS));
      return pause.compareTo(LONGEST_BACKOFF) < 0 ? pause : LONGEST_BACKOFF;
    }
  }

  private final Map<PeerId, Candidate> all = new LinkedHashMap<>();
  private final RandomGenerator random;

  RelayCandidates(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Adds one; where there is no room the one that has failed most goes, unless it is configured.
   *
   * @return whether it is new
   */
  boolean add(PeerId peer, boolean configured, long nowNanos) {
    if (all.containsKey(peer)) {
      return false;
    }
    if (all.size() == MAX) {
      all.values().stream()
          .filter(it -> !it.configured && it.failures > 0)
          .max(Comparator.comparingInt(Candidate::doubts))
          .ifPresent(it -> all.remove(it.peer));
    }
    return all.size() < MAX && all.put(peer, new Candidate(peer, configured, nowNanos)) == null;
  }

  /** Those that may be asked now, the most promising first. */
  List<PeerId> due(long nowNanos, Set<PeerId> except, int max) {
    return all.values().stream()
        .filter(it -> it.dueNanos - nowNanos <= 0 && !except.contains(it.peer))
        .sorted(Comparator.comparingInt(Candidate::doubts).thenComparing(it -> !it.configured))
        .limit(max)
        .map(it -> it.peer)
        .toList();
  }

  /** When the next one may be asked. */
  OptionalLong nextDueNanos(long nowNanos, Set<PeerId> except) {
    return all.values().stream()
        .filter(it -> !except.contains(it.peer))
        .mapToLong(it -> it.dueNanos - nowNanos)
        .min();
  }

  /** It has had a place for us, for so long up to now. */
  void served(PeerId peer, Duration lived) {
    Candidate candidate = all.get(peer);
    if (candidate != null && (!candidate.served || lived.compareTo(PROVEN) >= 0)) {
      candidate.served = true;
      candidate.failures = 0;
    }
  }

  /** The place that it had for us is gone. */
  void lost(PeerId peer, Duration lived, long nowNanos) {
    served(peer, lived);
    retry(peer, lived.compareTo(PROVEN) < 0 ? COST_OF_ANSWERED : 1, nowNanos);
  }

  /** It did not want us; one that we expect may be about to end, or be asked by many at once. */
  void refused(PeerId peer, long nowNanos) {
    Candidate candidate = all.get(peer);
    if (candidate != null && !candidate.isExpected()) {
      candidate.failures++;
      postpone(candidate, LONGEST_BACKOFF, nowNanos);
    } else {
      retry(peer, COST_OF_ANSWERED, nowNanos);
    }
  }

  /** It could not be reached. */
  void unreached(PeerId peer, long nowNanos) {
    retry(peer, 1, nowNanos);
  }

  /** It was reached, and is no relay, or broke off. */
  void failed(PeerId peer, long nowNanos) {
    retry(peer, COST_OF_ANSWERED, nowNanos);
  }

  private void retry(PeerId peer, int cost, long nowNanos) {
    Candidate candidate = all.get(peer);
    if (candidate != null) {
      candidate.failures += candidate.isExpected() && candidate.failures < RETRIES ? cost : 1;
      postpone(candidate, candidate.pause(), nowNanos);
    }
  }

  /** A quarter more or less: those that a relay has lost are not to come back all at once. */
  private void postpone(Candidate candidate, Duration pause, long nowNanos) {
    candidate.dueNanos = nowNanos + (long) (pause.toNanos() * (0.75 + random.nextDouble() / 2));
  }
}
