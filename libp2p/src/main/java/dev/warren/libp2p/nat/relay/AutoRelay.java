package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.HostListener;
import dev.warren.libp2p.host.PeerInfo;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.RelayDistance.Miss;
import dev.warren.libp2p.nat.relay.RelayDistance.Near;
import java.io.Closeable;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps places at relays for a host that cannot be dialed: finds relays, takes the near ones,
 * renews the places, and replaces relays that go.
 *
 * <p>Candidates are those of the configuration, and whoever turns out to be a relay of those that
 * the host is connected with for other reasons; where these are too few a walk brings about more
 * connections.
 */
public final class AutoRelay implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(AutoRelay.class);

  /** So that one may go without anybody's being cut off. */
  static final int PLACES = 2;

  /** So many are measured for one place to be filled. */
  private static final int MAX_MEASURED = 4;

  private static final Duration RENEW_BEFORE = Duration.ofMinutes(2);

  /** Between attempts to renew a place that is still good. */
  private static final Duration RENEW_AGAIN = Duration.ofSeconds(15);

  private static final Duration SHORTEST_LIFE = Duration.ofMinutes(1);
  private static final Duration LONGEST_LIFE = Duration.ofHours(1);
  private static final Duration WALK_INTERVAL = Duration.ofMinutes(1);

  /** However little is expected: clocks and conditions of others change. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Host host;
  private final RelayClient client;
  private final BooleanSupplier wanted;
  private final Map<PeerId, List<Multiaddr>> configured;
  private final Runnable walk;
  private final InstantSource clock;
  private final RelayDistance distance;
  private final LongSupplier stopwatch;
  private final HostListener watch = new Watch();

  /** A place that there is, and when it is to be renewed. */
  private record Held(Pulse pulse, long takenNanos, long renewNanos, long endsNanos) {
    Held renewedAt(long nanos) {
      return new Held(pulse, takenNanos, nanos, endsNanos);
    }
  }

  /** The places; owned by the thread that keeps them. */
  private final Map<PeerId, Held> held = new HashMap<>();

  private long walkedNanos; // owned by that thread too

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final RelayCandidates candidates; // guarded by lock
  private boolean awake; // guarded by lock
  private boolean closed; // guarded by lock

  private AutoRelay(Builder given) {
    host = given.host;
    client = given.client;
    wanted = given.wanted;
    configured =
        given.relays.stream()
            .filter(address -> address.peer().isPresent() && !address.isCircuit())
            .collect(Collectors.groupingBy(it -> PeerId.parse(it.peer().orElseThrow())));
    walk = given.walk;
    clock = given.clock;
    distance =
        given.distance.orElseGet(
            () -> new RelayProbe(host, peer -> configured.getOrDefault(peer, List.of())));
    stopwatch = given.stopwatch;
    candidates = new RelayCandidates(given.random);
    walkedNanos = host.time().nanoTime() - WALK_INTERVAL.toNanos();
  }

  /** Begins to say how a host is to keep places. */
  public static Builder builder(Host host, RelayClient client) {
    return new Builder(host, client);
  }

  /** What places are to be kept at, and when; without more, at peers that turn out to be relays. */
  public static final class Builder {
    private final Host host;
    private final RelayClient client;
    private BooleanSupplier wanted = () -> true;
    private List<Multiaddr> relays = List.of();
    private Runnable walk = () -> {};
    private InstantSource clock = InstantSource.system();
    private RandomGenerator random = new SecureRandom();
    private Optional<RelayDistance> distance = Optional.empty();
    private LongSupplier stopwatch;

    private Builder(Host host, RelayClient client) {
      this.host = host;
      this.client = client;
      stopwatch = host.time()::nanoTime;
    }

    /** Whether any are needed at present. */
    public Builder wanted(BooleanSupplier condition) {
      wanted = condition;
      return this;
    }

    /** Relays that are tried before others. */
    public Builder relays(List<Multiaddr> configured) {
      relays = configured;
      return this;
    }

    /** Brings about connections with peers that may be relays; may block. */
    public Builder walk(Runnable action) {
      walk = action;
      return this;
    }

    Builder clock(InstantSource source) {
      clock = source;
      return this;
    }

    Builder random(RandomGenerator generator) {
      random = generator;
      return this;
    }

    /** Distances that need not be measured. */
    Builder distance(RelayDistance known) {
      distance = Optional.of(known);
      return this;
    }

    /** The nanoseconds by which it is measured how long relays take. */
    Builder stopwatch(LongSupplier nanos) {
      stopwatch = nanos;
      return this;
    }

    /** Begins to keep places. */
    public AutoRelay start() {
      var keeper = new AutoRelay(this);
      keeper.configured.keySet().forEach(peer -> keeper.add(peer, true));
      host.addListener(keeper.watch);
      host.connections().forEach(connection -> keeper.consider(connection.remotePeer()));
      Thread.ofVirtual().name("libp2p-relays").start(keeper::run);
      return keeper;
    }
  }

  /** Looks anew at what is wanted. */
  public void check() {
    wake();
  }

  /** Keeps no places any more; those that there are run out. */
  @Override
  public void close() {
    host.removeListener(watch);
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      while (await(round())) {
        // Something has changed, or is due.
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      held.values().forEach(it -> it.pulse.close());
    }
  }

  /** A fault in one round, ours or of what it calls, is not the end of all. */
  private Duration round() throws InterruptedException {
    try {
      return keep();
    } catch (RuntimeException e) {
      log.warn("looking after relays failed, and goes on", e);
      return LONGEST_PAUSE;
    }
  }

  /** Does what is due; says after how long something will be again. */
  private Duration keep() throws InterruptedException {
    forgetLost();
    if (!wanted.getAsBoolean()) {
      Set.copyOf(held.keySet()).forEach(this::release);
      return LONGEST_PAUSE;
    }
    long now = host.time().nanoTime();
    for (PeerId relay : Set.copyOf(held.keySet())) {
      if (held.get(relay).renewNanos - now <= 0) {
        renew(relay);
      }
    }
    if (held.size() < PLACES) {
      fill();
    }
    return untilDue();
  }

  private List<PeerId> due() {
    lock.lock();
    try {
      return candidates.due(host.time().nanoTime(), held.keySet(), MAX_MEASURED);
    } finally {
      lock.unlock();
    }
  }

  private void fill() throws InterruptedException {
    List<PeerId> due = due();
    for (Near relay : distance.nearest(due, this::missed)) {
      if (held.size() < PLACES) {
        var _ = take(relay.peer());
      }
    }
    long now = host.time().nanoTime();
    if (due.isEmpty() && now - walkedNanos >= WALK_INTERVAL.toNanos()) {
      walkedNanos = now;
      Thread.ofVirtual().name("libp2p-relay-walk").start(walk);
    }
  }

  /** A place is good until it ends, even when the relay cannot be asked or refuses just now. */
  private void renew(PeerId relay) throws InterruptedException {
    Held place = held.get(relay);
    Optional<Duration> answer = take(relay);
    if (answer.isPresent()) {
      improve(relay, answer.get());
      return;
    }
    long now = host.time().nanoTime();
    if (place.endsNanos - now <= 0) {
      release(relay);
    } else {
      long again = Math.min(RENEW_AGAIN.toNanos(), place.endsNanos - now);
      held.put(relay, place.renewedAt(now + again));
    }
  }

  /**
   * Moves on from a relay where the place has just been renewed, if there is one that is much
   * nearer, or as much sooner to answer. How soon that one gives a place is seen when it does.
   */
  private void improve(PeerId relay, Duration answer) throws InterruptedException {
    List<PeerId> others = due();
    if (others.isEmpty()) {
      return;
    }
    List<PeerId> all = new ArrayList<>(others);
    all.add(relay);
    Map<Boolean, List<Near>> near =
        distance
            .nearest(
                all,
                (peer, why) -> {
                  if (others.contains(peer)) {
                    missed(peer, why);
                  }
                })
            .stream()
            .collect(Collectors.partitioningBy(it -> it.peer().equals(relay)));
    Predicate<Near> isBetter =
        other ->
            near.get(true).stream()
                .map(it -> it.answeringIn(answer))
                .allMatch(other::isMuchNearerThan);
    Optional<Near> other = near.get(false).stream().findFirst().filter(isBetter);
    Optional<Duration> itsAnswer = other.flatMap(it -> take(it.peer()));
    if (itsAnswer.isPresent()) {
      Near taken = other.orElseThrow().answeringIn(itsAnswer.get());
      release(isBetter.test(taken) ? relay : taken.peer());
    }
  }

  /**
   * Takes or renews a place.
   *
   * @return how long the relay took to answer; empty if there is none
   */
  private Optional<Duration> take(PeerId relay) {
    try {
      long asked = stopwatch.getAsLong();
      Reservation place = client.reserve(relay);
      var answer = Duration.ofNanos(stopwatch.getAsLong() - asked);
      Duration life = clamp(Duration.between(clock.instant(), place.expires()));
      Duration ahead = life.dividedBy(2);
      Duration until = life.minus(ahead.compareTo(RENEW_BEFORE) < 0 ? ahead : RENEW_BEFORE);
      long now = host.time().nanoTime();
      Held before = held.remove(relay);
      if (before != null) {
        before.pulse.close();
      }
      long taken = before == null ? now : before.takenNanos;
      held.put(
          relay,
          new Held(Pulse.start(host, relay), taken, now + until.toNanos(), now + life.toNanos()));
      lock.lock();
      try {
        candidates.served(relay, Duration.ofNanos(now - taken));
      } finally {
        lock.unlock();
      }
      return Optional.of(answer);
    } catch (RelayRefusedException e) {
      log.debug("{}: {}", relay, e.getMessage());
      lock.lock();
      try {
        candidates.refused(relay, host.time().nanoTime());
      } finally {
        lock.unlock();
      }
    } catch (IOException e) {
      log.debug("no place at {}: {}", relay, e.toString());
      lock.lock();
      try {
        candidates.failed(relay, host.time().nanoTime());
      } finally {
        lock.unlock();
      }
    }
    return Optional.empty();
  }

  /** The clocks of relays are no better than others, and one counts in nanoseconds. */
  private static Duration clamp(Duration life) {
    if (life.compareTo(SHORTEST_LIFE) < 0) {
      return SHORTEST_LIFE;
    }
    return life.compareTo(LONGEST_LIFE) > 0 ? LONGEST_LIFE : life;
  }

  private void missed(PeerId relay, Miss why) {
    lock.lock();
    try {
      switch (why) {
        case UNREACHED -> candidates.unreached(relay, host.time().nanoTime());
        case BROKE_OFF -> candidates.failed(relay, host.time().nanoTime());
      }
    } finally {
      lock.unlock();
    }
  }

  private void forgetLost() {
    Set<PeerId> present =
        client.places().stream().map(Reservation::relay).collect(Collectors.toSet());
    for (PeerId relay : Set.copyOf(held.keySet())) {
      if (!present.contains(relay)) {
        log.debug("the place at {} is lost", relay);
        long now = host.time().nanoTime();
        Duration lived = Duration.ofNanos(now - held.get(relay).takenNanos);
        forget(relay);
        lock.lock();
        try {
          candidates.lost(relay, lived, now);
        } finally {
          lock.unlock();
        }
      }
    }
  }

  private void release(PeerId relay) {
    forget(relay);
    client.release(relay);
  }

  private void forget(PeerId relay) {
    Held place = held.remove(relay);
    if (place != null) {
      place.pulse.close();
    }
  }

  private Duration untilDue() {
    long now = host.time().nanoTime();
    long nanos = LONGEST_PAUSE.toNanos();
    for (Held place : held.values()) {
      nanos = Math.min(nanos, place.renewNanos - now);
    }
    if (held.size() < PLACES) {
      lock.lock();
      try {
        nanos = Math.min(nanos, candidates.nextDueNanos(now, held.keySet()).orElse(nanos));
      } finally {
        lock.unlock();
      }
    }
    return Duration.ofNanos(Math.max(0, nanos));
  }

  /** Waits for as long, or until something has changed; false when this is closed. */
  private boolean await(Duration pause) throws InterruptedException {
    try (var _ = host.time().after(pause, this::wake)) {
      lock.lock();
      try {
        while (!awake && !closed) {
          changed.await();
        }
        awake = false;
        return !closed;
      } finally {
        lock.unlock();
      }
    }
  }

  private void wake() {
    lock.lock();
    try {
      awake = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void add(PeerId peer, boolean fromConfiguration) {
    lock.lock();
    try {
      if (candidates.add(peer, fromConfiguration, host.time().nanoTime())) {
        awake = true;
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  private void consider(PeerId peer) {
    Optional<PeerInfo> info = host.peerstore().info(peer);
    if (info.filter(it -> it.protocols().contains(RelayServer.HOP)).isPresent()) {
      add(peer, false);
    }
  }

  private final class Watch implements HostListener {
    @Override
    public void identified(PeerId peer, PeerInfo info) {
      consider(peer);
    }

    @Override
    public void addressesChanged() {
      wake(); // a place may be gone
    }
  }
}
