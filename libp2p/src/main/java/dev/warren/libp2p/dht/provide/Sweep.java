package dev.warren.libp2p.dht.provide;

import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * When to provide which keys again. Once in each interval the sweep passes over the whole key space
 * at an even pace; keys whose nearest peers are the same come up together, so that the peers of a
 * region are looked for once for all keys in it, and each is told of all of its keys at once.
 *
 * <p>Belongs to one thread at a time. Times are nanoseconds of any one clock.
 */
public final class Sweep {
  /** With fewer keys in a region it costs less to look for the nearest of each. */
  private static final int FEW_KEYS = 3;

  /** Regions are to hold so many times k peers, at least, or the k nearest may lie outside. */
  private static final int PEERS_PER_K = 2;

  /**
   * Keys that are due together.
   *
   * @param region that they are in, if it is worth looking for all of its peers
   */
  public record Batch(Optional<Region> region, List<Target> keys) {}

  private final long intervalNanos;
  private final int k;
  private final NavigableMap<Key, Target> keys = new TreeMap<>();

  /** When the sweep is at the beginning of the key space. */
  private long passStartNanos;

  /** The last key of this pass that is done. */
  private @Nullable Key done;

  public Sweep(Duration interval, int k, long nowNanos) {
    this.intervalNanos = interval.toNanos();
    this.k = k;
    this.passStartNanos = nowNanos;
  }

  /** Provides this from now on; for the first time when the sweep comes by. */
  public void add(Target key) {
    keys.put(key.key(), key);
  }

  /** Provides this no longer. */
  public void remove(Target key) {
    keys.remove(key.key());
  }

  /** How many keys there are. */
  public int size() {
    return keys.size();
  }

  /** When the next key is due; empty when there is none. */
  public OptionalLong nextNanos() {
    if (keys.isEmpty()) {
      return OptionalLong.empty();
    }
    Key next = done == null ? keys.firstKey() : keys.higherKey(done);
    return OptionalLong.of(
        next == null
            ? due(passStartNanos + intervalNanos, keys.firstKey())
            : due(passStartNanos, next));
  }

  /**
   * The keys that are due together with the next one; they are the next until they are {@link
   * #done}.
   *
   * @param networkSize how many peers there are; without it keys are due one by one
   */
  public Batch next(long nowNanos, OptionalDouble networkSize) {
    if (done != null && keys.higherKey(done) == null) {
      done = null;
      passStartNanos += intervalNanos;
    }
    // After a long sleep once is enough.
    long missed = Math.floorDiv(nowNanos - passStartNanos, intervalNanos) - 1;
    passStartNanos += Math.max(0, missed) * intervalNanos;
    Target next = (done == null ? keys.firstEntry() : keys.higherEntry(done)).getValue();
    if (networkSize.isEmpty()) {
      return new Batch(Optional.empty(), List.of(next));
    }
    double peers = Math.max(1, networkSize.getAsDouble() / (PEERS_PER_K * k));
    var region = new Region(next.key(), Math.getExponent(peers));
    List<Target> together = new ArrayList<>();
    for (Target key : keys.tailMap(next.key()).values()) {
      if (!region.contains(key.key())) {
        break;
      }
      together.add(key);
    }
    return together.size() < FEW_KEYS
        ? new Batch(Optional.empty(), List.copyOf(together))
        : new Batch(Optional.of(region), List.copyOf(together));
  }

  /** These have been provided, or given up. */
  public void done(Batch batch) {
    done = batch.keys().getLast().key();
  }

  private long due(long startNanos, Key key) {
    return startNanos + (long) (key.position() * intervalNanos);
  }
}
