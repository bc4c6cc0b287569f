package dev.warren.bench.dht;

import dev.warren.libp2p.dht.provide.Crowd;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Target;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Goes around a crowd, one look-up after the other. */
final class CrowdVisit {
  private final World world;
  private final Node node;
  private final Crowd crowd;
  private final BiConsumer<List<Contact>, Runnable> visit;
  private final Runnable then;
  long requests;
  private boolean over;

  /**
   * @param visit is given others than the nearest and what to run when it is done with them
   * @param then is run when there is nobody else
   */
  CrowdVisit(
      World world,
      Node node,
      Crowd crowd,
      BiConsumer<List<Contact>, Runnable> visit,
      Runnable then) {
    this.world = world;
    this.node = node;
    this.crowd = crowd;
    this.visit = visit;
    this.then = then;
  }

  void step() {
    Optional<Target> next = over ? Optional.empty() : crowd.next();
    if (next.isEmpty()) {
      end();
      return;
    }
    Search.startNearACrowd(
        world,
        node,
        next.get().key(),
        new Search.Watcher() {
          @Override
          public void answered(Search search, Node by) {
            search.stopBeforeACrowd();
          }

          @Override
          public void done(Search search) {
            requests += search.lookup.requests();
            visit.accept(crowd.found(next.get(), search.found()), CrowdVisit.this::step);
          }
        });
  }

  /** Ends it early, or for good. */
  void end() {
    if (!over) {
      over = true;
      then.run();
    }
  }
}
