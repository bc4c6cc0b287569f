package dev.warren.libp2p.dht.lookup;

import dev.warren.libp2p.dht.lookup.Candidate.State;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.identity.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * A search for the peers nearest to a key (libp2p/specs kad-dht, "Peer routing").
 *
 * <p>Of those who are known the nearest are asked, some at a time; their answers name others that
 * are nearer still; it is over when the nearest of all have answered. What sets this one apart:
 *
 * <ul>
 *   <li><b>Nobody is waited for who most likely will not answer.</b> Whoever takes longer than
 *       peers do is slow: somebody else is asked in its place and the search may end without it. An
 *       answer that comes after all is as good as any.
 *   <li><b>Nobody is asked who cannot matter</b>: only the nearest that may be alive, as many as
 *       make a bucket.
 *   <li><b>Paths that do not meet</b> (S/Kademlia), where the caller wants them: each path follows
 *       only what was said by those on it. Whoever lies on one leads the others nowhere.
 * </ul>
 *
 * <p>Whoever runs it asks those whom {@link #next} names, reports what comes of it, and calls
 * {@link #tick} when {@link #nextTickNanos} has come, until it {@link #isDone}. Belongs to one
 * thread at a time. Times are nanoseconds of any one clock.
 */
public final class Lookup {
  /**
   * @param width how many of the nearest are of interest, the k of Kademlia
   * @param confirm how many of the nearest have to answer on each path
   * @param alpha how many are asked at the same time, on all paths together
   * @param paths that do not meet
   * @param maxRequests after which nobody else is asked
   * @param timeoutNanos after which an answer is not taken any more
   */
  public record Settings(
      int width, int confirm, int alpha, int paths, int maxRequests, long timeoutNanos) {

    /** Ends when the k nearest have answered: to store something, or to miss nothing. */
    public static final Settings ALL = new Settings(20, 20, 10, 1, 300, 10_000_000_000L);

    /** Ends when the β nearest have answered: to find what every one of them would know. */
    public static final Settings NEAREST = new Settings(20, 3, 10, 1, 300, 10_000_000_000L);

    public Settings withPaths(int count) {
      return new Settings(width, confirm, alpha, count, maxRequests, timeoutNanos);
    }
  }

  /** An honest answer names k peers. */
  private static final int ACCEPTED_PER_WIDTH = 2;

  /** Slow ones included; others are asked when some of these have answered or failed. */
  private static final int OUTSTANDING_PER_ALPHA = 3;

  private final Key target;
  private final Settings settings;
  private final PeerId self;
  private final ToLongFunction<Contact> patienceNanos;
  private final Map<PeerId, Candidate> candidates = new HashMap<>();
  private final List<Path> paths = new ArrayList<>();

  /** Those asked who neither answered nor failed. */
  private final List<Candidate> outstanding = new ArrayList<>();

  private int requests;
  private boolean stopped;

  /**
   * @param self is never asked
   * @param seeds whom to begin with, nearest first
   * @param patienceNanos after which an answer of the peer is not to be counted on
   */
  public Lookup(
      Key target,
      Settings settings,
      PeerId self,
      Collection<Contact> seeds,
      ToLongFunction<Contact> patienceNanos) {
    this.target = target;
    this.settings = settings;
    this.self = self;
    this.patienceNanos = patienceNanos;
    for (int i = 0; i < settings.paths(); i++) {
      paths.add(new Path(target, settings.width(), settings.confirm()));
    }
    int turn = 0;
    for (Contact seed : seeds) {
      hear(paths.get(turn++ % paths.size()), seed, 0);
    }
  }

  /** What is looked for. */
  public Key target() {
    return target;
  }

  /** Whom to ask now. They count as asked from here on. */
  public List<Contact> next(long nowNanos) {
    var asked = new ArrayList<Contact>();
    if (isDone()) {
      return asked;
    }
    for (Path path : paths) {
      int free = Math.ceilDiv(settings.alpha(), paths.size()) - inFlight(path);
      for (; free > 0 && mayAsk(); free--) {
        Optional<Candidate> next = path.next();
        if (next.isEmpty()) {
          break;
        }
        ask(path, next.get(), nowNanos);
        asked.add(next.get().contact);
      }
    }
    return asked;
  }

  private boolean mayAsk() {
    return requests < settings.maxRequests()
        && outstanding.size() < OUTSTANDING_PER_ALPHA * settings.alpha();
  }

  private int inFlight(Path path) {
    int count = 0;
    for (Candidate candidate : outstanding) {
      if (candidate.asker == path && candidate.state == State.ASKED) {
        count++;
      }
    }
    return count;
  }

  private void ask(Path path, Candidate candidate, long nowNanos) {
    candidate.state = State.ASKED;
    candidate.asker = path;
    candidate.slowAtNanos = nowNanos + patienceNanos.applyAsLong(candidate.contact);
    candidate.lateAtNanos = nowNanos + settings.timeoutNanos();
    outstanding.add(candidate);
    requests++;
  }

  /** The peer has answered and named others. */
  public void answered(PeerId peer, List<Contact> named) {
    Candidate candidate = candidates.get(peer);
    if (candidate == null || !outstanding.remove(candidate)) {
      return; // too late
    }
    candidate.state = State.ANSWERED;
    Path path = candidate.asker;
    int accepted = Math.min(named.size(), ACCEPTED_PER_WIDTH * settings.width());
    for (Contact contact : named.subList(0, accepted)) {
      hear(path, contact, candidate.hops + 1);
    }
  }

  /** The peer cannot be reached or does not make sense. */
  public void failed(PeerId peer) {
    Candidate candidate = candidates.get(peer);
    if (candidate != null && outstanding.remove(candidate)) {
      candidate.state = State.FAILED;
    }
  }

  /** Time has passed. */
  public void tick(long nowNanos) {
    for (Candidate candidate : outstanding) {
      if (nowNanos - candidate.lateAtNanos >= 0) {
        candidate.state = State.FAILED;
      } else if (nowNanos - candidate.slowAtNanos >= 0) {
        candidate.state = State.SLOW;
      }
    }
    outstanding.removeIf(candidate -> candidate.state == State.FAILED);
  }

  /** When {@link #tick} is due if nothing else happens before; empty if never. */
  public OptionalLong nextTickNanos() {
    return outstanding.stream()
        .mapToLong(each -> each.state == State.ASKED ? each.slowAtNanos : each.lateAtNanos)
        .reduce((one, other) -> one - other < 0 ? one : other);
  }

  /** Ends the search: the caller has what it was looking for. */
  public void stop() {
    stopped = true;
  }

  /** Whether nobody needs to be asked or waited for. */
  public boolean isDone() {
    if (stopped || paths.stream().allMatch(Path::isDone)) {
      return true;
    }
    return requests >= settings.maxRequests() && outstanding.isEmpty();
  }

  /** Whether the nearest of all have answered, as many as there are up to the width. */
  public boolean isComplete() {
    return !stopped && requests < settings.maxRequests() && isDone();
  }

  /** The nearest that have answered, nearest first. */
  public List<Contact> closest() {
    return nearest(State.ANSWERED::equals);
  }

  /** The nearest of all that may be alive, whether or not they have been asked; nearest first. */
  public List<Contact> closestAlive() {
    return nearest(State::isAlive);
  }

  /** Everybody who has answered, nearest first. */
  public List<Contact> answerers() {
    return candidates.values().stream()
        .filter(candidate -> candidate.state == State.ANSWERED)
        .map(candidate -> candidate.contact)
        .sorted((one, other) -> target.compareDistances(one.key(), other.key()))
        .toList();
  }

  /** Those who are slow to answer. */
  public List<Contact> slow() {
    return outstanding.stream()
        .filter(candidate -> candidate.state == State.SLOW)
        .map(candidate -> candidate.contact)
        .toList();
  }

  /** How many have been asked. */
  public int requests() {
    return requests;
  }

  /** How many had to answer one after the other before the peer was named. */
  public OptionalInt hopsTo(PeerId peer) {
    Candidate candidate = candidates.get(peer);
    return candidate == null ? OptionalInt.empty() : OptionalInt.of(candidate.hops);
  }

  private List<Contact> nearest(Predicate<State> wanted) {
    Stream<Candidate> all = paths.stream().flatMap(path -> path.nearest().stream());
    if (paths.size() > 1) {
      all =
          all.distinct()
              .sorted(
                  (one, other) -> target.compareDistances(one.contact.key(), other.contact.key()));
    }
    return all.filter(candidate -> wanted.test(candidate.state))
        .limit(settings.width())
        .map(candidate -> candidate.contact)
        .toList();
  }

  private void hear(Path path, Contact contact, int hops) {
    if (contact.peer().equals(self)) {
      return;
    }
    Candidate known = candidates.get(contact.peer());
    if (known == null) {
      known = new Candidate(contact, hops);
      candidates.put(contact.peer(), known);
    } else {
      known.learn(contact);
    }
    path.add(known);
  }
}
