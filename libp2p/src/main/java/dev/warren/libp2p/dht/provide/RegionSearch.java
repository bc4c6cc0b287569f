package dev.warren.libp2p.dht.provide;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.identity.PeerId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Finds all peers of a region with few look-ups.
 *
 * <p>A look-up yields the k nearest to its target, and so everybody who shares more leading bits
 * with the target than the farthest of those does. What is left of the region falls into parts that
 * each differ from the target in one bit; each is looked at in the same way. Belongs to one thread
 * at a time.
 */
public final class RegionSearch {
  /** A region is made to hold few times k peers; more than this would be an attack or a mistake. */
  private static final int MAX_LOOKUPS = 64;

  /**
   * Parts of one in so many are not looked at: to be worth it they would have to hold a crowd, of
   * which enough is known already, and something in them is found by trying.
   */
  private static final int DEEPEST_BITS = 6;

  private final int k;
  private final int deepest;
  private final RandomGenerator random;
  private final Deque<Region> parts = new ArrayDeque<>();
  private final Map<PeerId, Contact> peers = new HashMap<>();
  private int lookups;

  /**
   * @param k how many a look-up finds
   */
  public RegionSearch(Region region, int k, RandomGenerator random) {
    this.k = k;
    this.deepest = Math.min(region.bits() + DEEPEST_BITS, Key.BITS);
    this.random = random;
    parts.push(region);
  }

  /** What to look for next; empty when everybody has been found. */
  public Optional<Target> next() {
    if (parts.isEmpty() || lookups++ == MAX_LOOKUPS) {
      return Optional.empty();
    }
    Region part = parts.element();
    return Optional.of(Target.within(part.within(), part.bits(), random));
  }

  /** The nearest to the target of {@link #next}, nearest first, have been found. */
  public void found(Target target, List<Contact> nearest) {
    nearest.forEach(contact -> peers.put(contact.peer(), contact));
    Region part = parts.pop();
    if (nearest.size() < k) {
      return; // there are no more anywhere
    }
    int shared = target.key().commonPrefixLength(nearest.get(k - 1).key());
    for (int bit = part.bits(); bit <= shared && bit < deepest; bit++) {
      parts.push(new Region(target.key().withFlipped(bit), bit + 1));
    }
  }

  /** Everybody found so far, those around the region too. */
  public Collection<Contact> peers() {
    return peers.values();
  }
}
