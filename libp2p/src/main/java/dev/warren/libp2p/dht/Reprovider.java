package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.provide.Crowd;
import dev.warren.libp2p.dht.provide.RegionSearch;
import dev.warren.libp2p.dht.provide.Sweep;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.libp2p.transport.TimeSource.Scheduled;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Provides again and again what a node provides, as {@link Sweep} says. */
final class Reprovider {
  private static final Logger log = LoggerFactory.getLogger(Reprovider.class);

  /** Without a network there is no hurry. */
  private static final Duration RETRY = Duration.ofMinutes(5);

  /** Records for one peer on one stream; they are on their way together. */
  private static final int MAX_RECORDS_PER_STREAM = 64;

  private final Dht dht;
  private final TimeSource time;
  private final RandomGenerator random;
  private final ReentrantLock lock = new ReentrantLock();

  // All guarded by lock.
  private final Sweep sweep;
  private @Nullable Scheduled planned;
  private boolean running;
  private boolean closed;

  Reprovider(Dht dht, TimeSource time, DhtBuilder builder) {
    this.dht = dht;
    this.time = time;
    this.random = builder.random();
    this.sweep = new Sweep(builder.reprovideInterval(), Dht.K, time.nanoTime());
  }

  void add(Target key) {
    lock.lock();
    try {
      sweep.add(key);
      plan();
    } finally {
      lock.unlock();
    }
  }

  void remove(Target key) {
    lock.lock();
    try {
      sweep.remove(key);
      plan();
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return sweep.size();
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      cancel();
    } finally {
      lock.unlock();
    }
  }

  /** Sets the timer for the next keys; the lock is held. */
  private void plan() {
    cancel();
    OptionalLong next = sweep.nextNanos();
    if (!closed && !running && next.isPresent()) {
      planIn(Duration.ofNanos(Math.max(0, next.getAsLong() - time.nanoTime())));
    }
  }

  private void planIn(Duration delay) {
    planned = time.after(delay, this::run);
  }

  private void cancel() {
    if (planned != null) {
      planned.cancel();
      planned = null;
    }
  }

  private void run() {
    Optional<Sweep.Batch> batch = begin();
    if (batch.isEmpty()) {
      return;
    }
    boolean provided = false;
    try {
      provide(batch.get());
      provided = true;
    } catch (IOException e) {
      log.debug("{} keys are to be provided later: {}", batch.get().keys().size(), e.toString());
    } finally {
      end(batch.get(), provided);
    }
  }

  private Optional<Sweep.Batch> begin() {
    OptionalDouble networkSize = dht.estimate();
    lock.lock();
    try {
      if (closed || running || sweep.size() == 0) {
        return Optional.empty();
      }
      running = true;
      return Optional.of(sweep.next(time.nanoTime(), networkSize));
    } finally {
      lock.unlock();
    }
  }

  private void end(Sweep.Batch batch, boolean provided) {
    lock.lock();
    try {
      running = false;
      if (provided) {
        sweep.done(batch);
        plan();
      } else if (!closed) {
        planIn(RETRY);
      }
    } finally {
      lock.unlock();
    }
  }

  private void provide(Sweep.Batch batch) throws IOException {
    if (batch.region().isEmpty()) {
      for (Target key : batch.keys()) {
        requireStored(dht.provide(key).stored(), 1);
      }
      return;
    }
    var search = new RegionSearch(batch.region().get(), Dht.K, random);
    for (var target = search.next(); target.isPresent(); target = search.next()) {
      search.found(target.get(), dht.closestPeers(target.get()));
    }
    tell(search.peers(), batch.keys());
  }

  /** Tells each peer of all keys that it is among the nearest of. */
  private void tell(Collection<Contact> peers, List<Target> keys) throws IOException {
    Map<Contact, List<Target>> byPeer = new HashMap<>();
    int around = 0;
    for (Target key : keys) {
      List<Contact> nearest =
          peers.stream()
              .sorted(Comparator.comparing(Contact::key, key.key()::compareDistances))
              .limit(Dht.K)
              .toList();
      if (Crowd.around(key.key(), nearest, nearest, Dht.K, dht.estimate(), random).isPresent()) {
        around += dht.provide(key).stored();
      } else {
        nearest.forEach(peer -> byPeer.computeIfAbsent(peer, _ -> new ArrayList<>()).add(key));
      }
    }
    int stored = around;
    for (var entry : byPeer.entrySet()) {
      List<Target> all = entry.getValue();
      for (int from = 0; from < all.size(); from += MAX_RECORDS_PER_STREAM) {
        int to = Math.min(all.size(), from + MAX_RECORDS_PER_STREAM);
        stored += dht.provideTo(entry.getKey(), all.subList(from, to));
      }
    }
    log.debug("{} keys are stored {} times with {} peers", keys.size(), stored, byPeer.size());
    requireStored(stored, keys.size());
  }

  /** Without a network look-ups end, and nobody has been told. */
  private static void requireStored(int stored, int keys) throws IOException {
    if (stored == 0) {
      throw new IOException("nobody keeps any of %d keys".formatted(keys));
    }
  }
}
