package dev.warren.libp2p.dht.provide;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.identity.PeerId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A way around somebody who wants a key for himself: he has made peers that are nearer to it than
 * all others, so that they are given every record and name only each other (Sridhar et al.,
 * "Content Censorship in the InterPlanetary File System", NDSS 2024).
 *
 * <p>Where the number of peers is known a crowd shows: within the distance of the k-th nearest far
 * fewer than k are to be expected. Then the record is stored with, and looked for at, others too,
 * in the region that most likely holds k besides. They are found by look-ups for other keys of the
 * region, to which the crowd is not near. The region is divided into places in each of which one
 * peer is to be expected, and only a few of each place count: so those who stand close together are
 * few, however many they are, and a mistake costs no more than that many requests.
 *
 * <p>Whoever uses it looks for what {@link #next} names and hands over what was {@link #found}.
 * Belongs to one thread at a time.
 */
public final class Crowd {
  /** How sure to be that k others are in the region. */
  private static final double SURE_OF_ALL = 0.9;

  /** Where one is to be expected there are more than this in two places of a hundred. */
  private static final int PER_PLACE = 3;

  private final Key target;
  private final double networkSize;
  private final Region region;
  private final RegionSearch search;
  private final Set<PeerId> met = new HashSet<>();
  private final Map<Integer, Integer> metAt = new HashMap<>();

  private Crowd(Key target, double networkSize, int k, RandomGenerator random) {
    this.target = target;
    this.networkSize = networkSize;
    double regions = networkSize / Erlang.quantile(k, SURE_OF_ALL);
    this.region = new Region(target, regions < 1 ? 0 : Math.getExponent(regions));
    this.search = new RegionSearch(region, k, random);
  }

  /**
   * The crowd around the target, if fewer than half of the nearest are to be expected where they
   * are. By itself that happens once in 300 times. Where it does not, about half of the nearest or
   * more would be there without any crowd, and that is enough for a record.
   *
   * @param nearest that a look-up has found, nearest first
   * @param met who has been told or asked already
   * @param k how many are to have a record
   * @param networkSize how many peers there are; without it nothing shows
   */
  public static Optional<Crowd> around(
      Key target,
      List<Contact> nearest,
      Collection<Contact> met,
      int k,
      OptionalDouble networkSize,
      RandomGenerator random) {
    if (expected(target, nearest, k, networkSize) >= k / 2.0) {
      return Optional.empty();
    }
    var crowd = new Crowd(target, networkSize.getAsDouble(), k, random);
    met.forEach(crowd::isWorthMeeting);
    return Optional.of(crowd);
  }

  /**
   * Whether a look-up leads into a crowd so plainly that there is no use in going on with it, even
   * where many of those who were named are long gone: they may never have been there.
   *
   * @param named by others so far, nearest first
   */
  public static boolean isAhead(
      Key target, List<Contact> named, int k, OptionalDouble networkSize) {
    return expected(target, named, k, networkSize) < k / 4.0;
  }

  /** How many are to be expected where the k nearest are; k if that cannot be said. */
  private static double expected(
      Key target, List<Contact> nearest, int k, OptionalDouble networkSize) {
    return networkSize.isEmpty() || nearest.size() < k
        ? k
        : networkSize.getAsDouble() * target.distanceTo(nearest.get(k - 1).key());
  }

  /** What to look for next; empty when there is nobody else to be found. */
  public Optional<Target> next() {
    return search.next();
  }

  /**
   * The nearest to what {@link #next} has named were found.
   *
   * @return those of them that are to be told or asked as well
   */
  public List<Contact> found(Target sought, List<Contact> nearest) {
    search.found(sought, nearest);
    var others = new ArrayList<Contact>();
    for (Contact contact : nearest) {
      if (region.contains(contact.key()) && isWorthMeeting(contact)) {
        others.add(contact);
      }
    }
    return others;
  }

  private boolean isWorthMeeting(Contact contact) {
    int place = (int) (networkSize * target.distanceTo(contact.key()));
    return met.add(contact.peer()) && metAt.merge(place, 1, Integer::sum) <= PER_PLACE;
  }
}
