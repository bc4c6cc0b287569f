package dev.warren.bench.dht;

import dev.warren.libp2p.dht.provide.OptimisticProvide;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/** What users of the network do, and what it takes. */
final class Operations {
  private static final int ENOUGH_STORED = 15;

  /**
   * What became of one.
   *
   * @param holders of the record that were met
   * @param hops to the first of them, or to the farthest of the nearest
   */
  record Outcome(int holders, int hops, long requests, double millis) {}

  private final World world;

  Operations(World world) {
    this.world = world;
  }

  /** Looks for the record until the first who has it. */
  void find(Node node, Key record, Consumer<Outcome> then) {
    long start = world.time.nanos();
    Search.start(
        world,
        node,
        record,
        new Search.Watcher() {
          private int found;
          private int hops;

          @Override
          public void answered(Search search, Node by) {
            if (by.records.contains(record)) {
              found = 1;
              hops = search.lookup.hopsTo(by.contact.peer()).orElseThrow() + 1;
              search.lookup.stop();
            }
          }

          @Override
          public void done(Search search) {
            then.accept(outcome(found, hops, search.lookup.requests(), start));
          }
        });
  }

  /** Has the record stored, and ends when enough have it. */
  void provide(Node node, Key record, Consumer<Outcome> then) {
    new Provide(node, record, then).start();
  }

  private Outcome outcome(int holders, int hops, long requests, long startNanos) {
    double millis = (world.time.nanos() - startNanos) / (double) VirtualTime.MILLIS;
    return new Outcome(holders, hops, requests, millis);
  }

  private final class Provide implements Search.Watcher {
    private final Node node;
    private final Key record;
    private final Consumer<Outcome> then;
    private final long startNanos = world.time.nanos();
    private OptimisticProvide plan;
    private int asked;
    private int stored;
    private int hops;
    private long requests;
    private boolean searched;
    private boolean over;

    Provide(Node node, Key record, Consumer<Outcome> then) {
      this.node = node;
      this.record = record;
      this.then = then;
    }

    void start() {
      Search.start(world, node, record, this);
    }

    @Override
    public void changed(Search search) {
      store(plan(search).whomNow());
    }

    private OptimisticProvide plan(Search search) {
      if (plan == null) {
        OptionalDouble size = node.networkSize.estimate(world.time.nanos());
        plan = new OptimisticProvide(search.lookup, Node.K, size);
      }
      return plan;
    }

    @Override
    public void done(Search search) {
      searched = true;
      requests += search.lookup.requests();
      for (Contact contact : search.lookup.closest()) {
        hops = Math.max(hops, search.lookup.hopsTo(contact.peer()).orElseThrow() + 1);
      }
      store(plan(search).whomFinally());
      world.time.after(node.dialed.patienceNanos(), this::giveUp);
      check();
    }

    private void store(List<Contact> contacts) {
      for (Contact contact : contacts) {
        asked++;
        requests++;
        world.ask(
            node,
            contact,
            keeper -> {
              keeper.store(record);
              stored++;
              check();
            });
      }
    }

    private void check() {
      if (searched && !over && stored >= Math.min(ENOUGH_STORED, asked)) {
        over = true;
        then.accept(outcome(stored, hops, requests, startNanos));
      }
    }

    private void giveUp() {
      if (!over) {
        over = true;
        then.accept(outcome(stored, hops, requests, startNanos));
      }
    }
  }
}
