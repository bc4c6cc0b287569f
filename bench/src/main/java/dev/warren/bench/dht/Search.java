package dev.warren.bench.dht;

import dev.warren.libp2p.dht.lookup.Lookup;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import java.util.OptionalLong;

/** Runs a look-up of a node. */
final class Search {
  /** Gets to know what happens. */
  @FunctionalInterface
  interface Watcher {
    default void answered(Search search, Node by) {}

    default void changed(Search search) {}

    void done(Search search);
  }

  final Lookup lookup;
  private final World world;
  private final Node node;
  private final Watcher watcher;
  private boolean over;

  private Search(World world, Node node, Key target, Watcher watcher) {
    this.world = world;
    this.node = node;
    this.watcher = watcher;
    this.lookup =
        new Lookup(
            target,
            Lookup.Settings.ALL,
            node.contact.peer(),
            node.table.closest(target, Node.K),
            this::patienceNanos);
  }

  static void start(World world, Node node, Key target, Watcher watcher) {
    new Search(world, node, target, watcher).go();
  }

  private long patienceNanos(Contact contact) {
    boolean connected = node.table.find(contact.key()).isPresent();
    return (connected ? node.connected : node.dialed).patienceNanos();
  }

  private void go() {
    watcher.changed(this);
    for (Contact contact : lookup.next(world.time.nanos())) {
      world.ask(
          node,
          contact,
          answerer -> {
            if (!over) {
              lookup.answered(contact.peer(), answerer.table.closest(lookup.target(), Node.K));
              watcher.answered(this, answerer);
              go();
            }
          });
    }
    OptionalLong tick = lookup.nextTickNanos();
    if (lookup.isDone()) {
      end();
    } else if (tick.isPresent()) {
      world.time.after(Math.max(0, tick.getAsLong() - world.time.nanos()), this::tick);
    }
  }

  private void tick() {
    long now = world.time.nanos();
    OptionalLong due = over ? OptionalLong.empty() : lookup.nextTickNanos();
    if (due.isPresent() && due.getAsLong() <= now) {
      lookup.tick(now);
      go();
    }
  }

  private void end() {
    if (!over) {
      over = true;
      long now = world.time.nanos();
      lookup.slow().forEach(contact -> node.table.failed(contact.key(), now));
      if (lookup.isComplete()) {
        node.networkSize.observe(lookup.target(), lookup.closest(), now);
      }
      watcher.done(this);
    }
  }
}
