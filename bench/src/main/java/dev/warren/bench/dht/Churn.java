package dev.warren.bench.dht;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Target;
import java.util.random.RandomGenerator;

/** Nodes that come and go, and look after their tables while they are there. */
final class Churn {
  private static final long REFRESH_NANOS = 10 * VirtualTime.MINUTES;
  private static final int MAX_DEPTH = 15;

  private final World world;
  private final double meanSessionNanos;

  Churn(World world, long medianSessionMinutes) {
    this.world = world;
    this.meanSessionNanos = medianSessionMinutes * VirtualTime.MINUTES / Math.log(2);
  }

  /** From now on every node leaves some time without a word, and another one comes. */
  void start() {
    for (Node node : world.nodes) {
      live(node);
    }
  }

  private void live(Node node) {
    double session = -meanSessionNanos * Math.log(1 - world.random.nextDouble());
    world.time.after((long) session, () -> replace(node));
    world.time.after(world.random.nextLong(REFRESH_NANOS), () -> refresh(node));
  }

  private void replace(Node node) {
    world.remove(node);
    Node other = world.newNode();
    Contact bootstrap = world.anyNode().contact;
    if (bootstrap.equals(other.contact)) {
      return; // the last one has put the light out
    }
    live(other);
    world.ask(
        other,
        bootstrap,
        _ -> Search.start(world, other, other.contact.key(), _ -> lookAround(other)));
  }

  private void refresh(Node node) {
    if (!node.alive) {
      return;
    }
    world.time.after(REFRESH_NANOS, () -> refresh(node));
    for (Contact contact : node.table.unheardSince(world.time.nanos() - REFRESH_NANOS)) {
      boolean[] answered = {false};
      world.ask(node, contact, _ -> answered[0] = true);
      world.time.after(
          World.TIMEOUT_NANOS,
          () -> {
            if (!answered[0]) {
              node.table.failed(contact.key(), world.time.nanos());
            }
          });
    }
    lookAround(node);
  }

  /** Look-ups at each distance, and around the node itself. */
  private void lookAround(Node node) {
    int deepest = Math.min(MAX_DEPTH, node.table.deepest().orElse(0));
    RandomGenerator random = world.random;
    for (int depth = 0; depth <= deepest; depth++) {
      Target target = Target.atDepth(node.contact.key(), depth, random);
      Search.start(world, node, target.key(), _ -> {});
    }
    Search.start(world, node, node.contact.key(), _ -> {});
  }
}
