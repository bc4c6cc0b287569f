package dev.warren.libp2p.dht.lookup;

import dev.warren.libp2p.dht.Contacts;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.RoutingTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;

/** Some hundred peers in one thread, whose answers take virtual time. */
final class SmallNetwork {
  static final long MILLIS = 1_000_000;

  final Random random;
  final List<Contact> peers = new ArrayList<>();
  final Set<Contact> dead = new HashSet<>();

  /** What a peer says instead of the truth. */
  final Map<Contact, BiFunction<Key, List<Contact>, List<Contact>>> liars = new HashMap<>();

  private final Map<Contact, RoutingTable> tables = new HashMap<>();
  int asked;
  int most;
  long nowNanos;

  private record Arrival(long atNanos, int sequence, Contact peer, List<Contact> answer) {}

  SmallNetwork(int size, long seed) {
    random = new Random(seed);
    for (int i = 0; i < size; i++) {
      peers.add(Contacts.random(random));
    }
    for (Contact peer : peers) {
      var table = new RoutingTable(peer.key(), RoutingTable.Settings.PLAIN);
      var others = new ArrayList<>(peers);
      Collections.shuffle(others, random);
      others.forEach(other -> table.answered(other, 0));
      tables.put(peer, table);
    }
  }

  /** Runs the look-up of this peer until it is done; an answer takes 10 to 90 ms. */
  Lookup run(Contact self, Key target, Lookup.Settings settings) {
    var times = new ResponseTimes();
    var lookup =
        new Lookup(
            target,
            settings,
            self.peer(),
            tables.get(self).closest(target, settings.width()),
            _ -> times.patienceNanos());
    var arrivals =
        new PriorityQueue<>(
            Comparator.comparingLong(Arrival::atNanos).thenComparingInt(Arrival::sequence));
    Map<Contact, Long> sent = new HashMap<>();
    int inFlight = 0;
    while (true) {
      for (Contact contact : lookup.next(nowNanos)) {
        asked++;
        inFlight++;
        sent.put(contact, nowNanos);
        if (!dead.contains(contact) && peers.contains(contact)) {
          long delay = (10 + random.nextInt(80)) * MILLIS;
          arrivals.add(new Arrival(nowNanos + delay, asked, contact, answer(contact, target)));
        }
      }
      most = Math.max(most, inFlight);
      if (lookup.isDone()) {
        return lookup;
      }
      long tick = lookup.nextTickNanos().orElseThrow();
      if (!arrivals.isEmpty() && arrivals.peek().atNanos() <= tick) {
        Arrival arrival = arrivals.remove();
        nowNanos = arrival.atNanos();
        inFlight--;
        times.observe(nowNanos - sent.get(arrival.peer()));
        lookup.answered(arrival.peer().peer(), arrival.answer());
      } else {
        nowNanos = tick;
        lookup.tick(nowNanos);
      }
    }
  }

  private List<Contact> answer(Contact peer, Key target) {
    List<Contact> truth = tables.get(peer).closest(target, 20);
    return liars.containsKey(peer) ? liars.get(peer).apply(target, truth) : truth;
  }

  /** The nearest that are alive and truthful, without the one that asks. */
  List<Contact> nearest(Contact self, Key target, int count) {
    return peers.stream()
        .filter(peer -> !dead.contains(peer) && !liars.containsKey(peer) && !peer.equals(self))
        .sorted(Comparator.comparing(Contact::key, target::compareDistances))
        .limit(count)
        .toList();
  }
}
