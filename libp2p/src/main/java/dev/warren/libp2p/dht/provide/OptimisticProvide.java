package dev.warren.libp2p.dht.provide;

import dev.warren.libp2p.dht.lookup.Lookup;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.identity.PeerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Whom to store a record with, while the look-up for the nearest goes on.
 *
 * <p>Most of the time of providing goes into waiting for the last of the nearest to answer what
 * they have no news about. Where the number of peers is known, so is how near the nearest must be:
 * who is nearer than the k-th nearest most likely is gets the record at once, and when the nearest
 * that are known are together as near as the k nearest ever are, the look-up has nothing more to
 * find. Without an estimate the record goes to the k nearest when the look-up is over.
 *
 * <p>Whoever runs the look-up calls {@link #whomNow} after each change and {@link #whomFinally} at
 * its end. Belongs to one thread at a time.
 */
public final class OptimisticProvide {
  /** How sure to be that somebody is among the nearest. */
  private static final double SURE_OF_EACH = 0.9;

  /** How often the true nearest may be farther than where the look-up stops. */
  private static final double TOO_STRICT = 0.1;

  private final Lookup lookup;
  private final int k;
  private final double nearEnough;
  private final double allNearEnough;
  private final Set<PeerId> chosen = new HashSet<>();

  /**
   * @param k how many are to have the record
   * @param networkSize how many peers there are, if that is known
   */
  public OptimisticProvide(Lookup lookup, int k, OptionalDouble networkSize) {
    this.lookup = lookup;
    this.k = k;
    double size = networkSize.orElse(Double.POSITIVE_INFINITY);
    this.nearEnough = Erlang.quantile(k, 1 - SURE_OF_EACH) / size;
    // The mean distance of k, half of which are nearer and half farther than it.
    this.allNearEnough = Erlang.quantile(k / 2 + 1, 1 - TOO_STRICT) / size;
  }

  /** Those who are to get the record now. Stops the look-up when it has nothing more to find. */
  public List<Contact> whomNow() {
    var now = new ArrayList<Contact>();
    List<Contact> nearest = lookup.closestAlive();
    double sum = 0;
    for (Contact contact : nearest) {
      double distance = lookup.target().distanceTo(contact.key());
      sum += distance;
      if (distance < nearEnough && chosen.size() < k && chosen.add(contact.peer())) {
        now.add(contact);
      }
    }
    if (chosen.size() >= k || (nearest.size() >= k && sum / nearest.size() < allNearEnough)) {
      lookup.stop();
    }
    return now;
  }

  /** Those who are to get the record after the look-up, beside the others. */
  public List<Contact> whomFinally() {
    if (chosen.size() >= k) {
      return List.of();
    }
    List<Contact> nearest = lookup.isComplete() ? lookup.closest() : lookup.closestAlive();
    return nearest.stream().filter(contact -> chosen.add(contact.peer())).toList();
  }
}
