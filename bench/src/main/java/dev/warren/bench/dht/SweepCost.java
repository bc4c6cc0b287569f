package dev.warren.bench.dht;

import dev.warren.libp2p.dht.provide.RegionSearch;
import dev.warren.libp2p.dht.provide.Sweep;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Target;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What a node says and asks to provide many keys again. */
final class SweepCost {
  private final World world;
  private final Node node;
  private int regions;
  private int lookups;
  private long requests;
  private long streams;
  private long records;

  SweepCost(World world, Node node) {
    this.world = world;
    this.node = node;
  }

  void take(Sweep.Batch batch) {
    if (batch.region().isEmpty()) {
      for (Target key : batch.keys()) {
        lookUp(key, nearest -> tell(nearest, List.of(key)));
      }
      return;
    }
    regions++;
    var search = new RegionSearch(batch.region().get(), Node.K, world.random);
    for (var target = search.next(); target.isPresent(); target = search.next()) {
      Target wanted = target.get();
      lookUp(wanted, nearest -> search.found(wanted, nearest));
    }
    tell(search.peers(), batch.keys());
  }

  private void lookUp(Target target, Consumer<List<Contact>> then) {
    lookups++;
    Search.start(
        world,
        node,
        target.key(),
        over -> {
          requests += over.lookup.requests();
          then.accept(over.lookup.closest());
        });
    world.time.runOut();
  }

  private void tell(Collection<Contact> peers, List<Target> keys) {
    Set<Contact> told = new HashSet<>();
    for (Target key : keys) {
      List<Contact> nearest =
          peers.stream()
              .sorted(Comparator.comparing(Contact::key, key.key()::compareDistances))
              .limit(Node.K)
              .toList();
      told.addAll(nearest);
      records += nearest.size();
    }
    streams += told.size();
  }

  @Override
  public String toString() {
    return "%,d regions, %,d look-ups with %,d requests, %,d streams that carry %,d records."
        .formatted(regions, lookups, requests, streams, records);
  }
}
