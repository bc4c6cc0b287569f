package dev.warren.bench.dht;

import dev.warren.libp2p.dht.provide.Crowd;
import dev.warren.libp2p.dht.provide.OptimisticProvide;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
  private final boolean wary;

  Operations(World world) {
    this(world, true);
  }

  /**
   * @param wary whether the nodes look out for crowds
   */
  Operations(World world, boolean wary) {
    this.world = world;
    this.wary = wary;
  }

  /** Looks for the record until the first who has it. */
  void find(Node node, Key record, Consumer<Outcome> then) {
    new Find(node, record, then).start();
  }

  /** Has the record stored, and ends when enough have it. */
  void provide(Node node, Key record, Consumer<Outcome> then) {
    new Provide(node, record, then).start();
  }

  private Outcome outcome(int holders, int hops, long requests, long startNanos) {
    double millis = (world.time.nanos() - startNanos) / (double) VirtualTime.MILLIS;
    return new Outcome(holders, hops, requests, millis);
  }

  private final class Find implements Search.Watcher {
    private final Node node;
    private final Key record;
    private final Consumer<Outcome> then;
    private final long startNanos = world.time.nanos();
    private int found;
    private int hops;
    private long requests;
    private @Nullable CrowdVisit visit;

    Find(Node node, Key record, Consumer<Outcome> then) {
      this.node = node;
      this.record = record;
      this.then = then;
    }

    void start() {
      Search.start(world, node, record, this);
    }

    @Override
    public void answered(Search search, Node by) {
      if (by.records.contains(record)) {
        found = 1;
        hops = search.lookup.hopsTo(by.contact.peer()).orElseThrow() + 1;
        search.lookup.stop();
      } else if (wary) {
        search.stopBeforeACrowd();
      }
    }

    @Override
    public void done(Search search) {
      requests += search.lookup.requests();
      Optional<Crowd> crowd =
          found == 0 && wary ? search.crowd(search.lookup.answerers()) : Optional.empty();
      if (crowd.isEmpty()) {
        end();
      } else {
        visit = new CrowdVisit(world, node, crowd.get(), this::ask, this::end);
        visit.step();
      }
    }

    private void ask(List<Contact> others, Runnable next) {
      for (Contact other : others) {
        requests++;
        world.ask(
            node,
            other,
            by -> {
              if (by.records.contains(record) && visit != null) {
                found = 1;
                visit.end();
              }
            });
      }
      world.time.after(others.isEmpty() ? 0 : node.dialed.patienceNanos(), next);
    }

    private void end() {
      long all = requests + (visit == null ? 0 : visit.requests);
      then.accept(outcome(found, hops, all, startNanos));
    }
  }

  private final class Provide implements Search.Watcher {
    private final Node node;
    private final Key record;
    private final Consumer<Outcome> then;
    private final long startNanos = world.time.nanos();
    private @Nullable OptimisticProvide plan;
    private @Nullable CrowdVisit visit;
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
      requests += search.lookup.requests();
      for (Contact contact : search.lookup.closest()) {
        hops = Math.max(hops, search.lookup.hopsTo(contact.peer()).orElseThrow() + 1);
      }
      store(plan(search).whomFinally());
      Optional<Crowd> crowd = wary ? search.crowd(search.lookup.closestAlive()) : Optional.empty();
      if (crowd.isEmpty()) {
        allAsked();
      } else {
        visit =
            new CrowdVisit(
                world,
                node,
                crowd.get(),
                (others, next) -> {
                  store(others);
                  next.run();
                },
                this::allAsked);
        visit.step();
      }
    }

    private void allAsked() {
      searched = true;
      world.time.after(node.dialed.patienceNanos(), this::end);
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
      if (searched && stored >= Math.min(ENOUGH_STORED, asked)) {
        end();
      }
    }

    private void end() {
      if (!over) {
        over = true;
        long all = requests + (visit == null ? 0 : visit.requests);
        then.accept(outcome(stored, hops, all, startNanos));
      }
    }
  }
}
