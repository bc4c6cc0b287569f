package dev.warren.libp2p.dht.provide;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How many peers there are, from how near the nearest are.
 *
 * <p>With n peers spread at random the distance of the k-th nearest to any key is Erlang
 * distributed with mean k / n, so (k - 1) / distance is n without bias, within 23 % for k = 20. The
 * median over many look-ups is nearer, and a few keys that somebody crowds with peers of his own do
 * not move it, since each counts once however often it is looked for. Belongs to one thread at a
 * time.
 */
public final class NetworkSize {
  private static final int MAX_SAMPLES = 64;
  private static final int MIN_SAMPLES = 3;
  private static final long MAX_AGE_NANOS = Duration.ofHours(2).toNanos();

  private record Sample(Key target, double size, long atNanos) {}

  private final int k;
  private final Deque<Sample> samples = new ArrayDeque<>();

  /**
   * @param k how many of the nearest a look-up finds
   */
  public NetworkSize(int k) {
    this.k = k;
  }

  /** Takes note of the nearest that a look-up has come to its end with, nearest first. */
  public void observe(Key target, List<Contact> nearest, long nowNanos) {
    if (nearest.size() < k) {
      return; // there are no more, or it found no more: either way it says nothing
    }
    double distance = target.distanceTo(nearest.get(k - 1).key());
    if (distance > 0) {
      samples.removeIf(sample -> sample.target().equals(target));
      samples.add(new Sample(target, (k - 1) / distance, nowNanos));
    }
    if (samples.size() > MAX_SAMPLES) {
      samples.remove();
    }
  }

  /** The number of peers, as soon as there is reason to say anything. */
  public OptionalDouble estimate(long nowNanos) {
    while (!samples.isEmpty() && nowNanos - samples.element().atNanos() > MAX_AGE_NANOS) {
      samples.remove();
    }
    if (samples.size() < MIN_SAMPLES) {
      return OptionalDouble.empty();
    }
    double[] sorted = samples.stream().mapToDouble(Sample::size).toArray();
    Arrays.sort(sorted);
    return OptionalDouble.of((sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2);
  }
}
