package dev.warren.bench.dht;

import dev.warren.libp2p.dht.lookup.Lookup;
import dev.warren.libp2p.dht.provide.Crowd;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
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
  private final boolean learning;
  private boolean over;

  private Search(World world, Node node, Key target, Watcher watcher, boolean learning) {
    this.world = world;
    this.node = node;
    this.watcher = watcher;
    this.learning = learning;
    this.lookup =
        new Lookup(
            target,
            Lookup.Settings.ALL,
            node.contact.peer(),
            node.table.closest(target, Node.K),
            this::patienceNanos);
  }

  static void start(World world, Node node, Key target, Watcher watcher) {
    new Search(world, node, target, watcher, true).go();
  }

  /** Looks where there is nothing to be learned about how many nodes there are. */
  static void startNearACrowd(World world, Node node, Key target, Watcher watcher) {
    new Search(world, node, target, watcher, false).go();
  }

  private long patienceNanos(Contact contact) {
    boolean connected = node.table.find(contact.key()).isPresent();
    return (connected ? node.connected : node.dialed).patienceNanos();
  }

  /** There is no use in going on when a crowd is ahead. */
  void stopBeforeACrowd() {
    if (isCrowdAhead()) {
      lookup.stop();
    }
  }

  private boolean isCrowdAhead() {
    OptionalDouble size = node.networkSize.estimate(world.time.nanos());
    return Crowd.isAhead(lookup.target(), lookup.closestAlive(), Node.K, size);
  }

  /** The crowd that it was stopped before, or that has answered. */
  Optional<Crowd> crowd(List<Contact> met) {
    OptionalDouble size = node.networkSize.estimate(world.time.nanos());
    return lookup.isComplete() || isCrowdAhead()
        ? Crowd.around(lookup.target(), found(), met, Node.K, size, world.random)
        : Optional.empty();
  }

  /** The nearest, who have answered unless the look-up was stopped. */
  List<Contact> found() {
    return lookup.isComplete() ? lookup.closest() : lookup.closestAlive();
  }

  private void go() {
    watcher.changed(this);
    for (Contact contact : lookup.next(world.time.nanos())) {
      world.ask(
          node,
          contact,
          answerer -> {
            if (!over) {
              lookup.answered(contact.peer(), answerer.names.apply(lookup.target()));
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
      if (learning && lookup.isComplete()) {
        node.networkSize.observe(lookup.target(), lookup.closest(), now);
      }
      watcher.done(this);
    }
  }
}
