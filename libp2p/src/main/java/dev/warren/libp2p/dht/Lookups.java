package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.lookup.Lookup;
import dev.warren.libp2p.dht.lookup.Lookup.Settings;
import dev.warren.libp2p.dht.provide.Crowd;
import dev.warren.libp2p.dht.provide.NetworkSize;
import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.dht.wire.Request;
import dev.warren.libp2p.host.Host;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The look-ups of a node, and what they tell about the network. */
final class Lookups {
  private static final Logger log = LoggerFactory.getLogger(Lookups.class);

  /** What is done with others than the nearest. */
  @FunctionalInterface
  interface Visit {
    void to(List<Contact> others) throws IOException;
  }

  private final Host host;
  private final String protocol;
  private final int paths;
  private final RandomGenerator random;
  private final Table table;
  private final KadClient client;
  private final LookupRunner runner;
  private final Consumer<Key> lookedUp;
  private final ReentrantLock lock = new ReentrantLock();
  private final NetworkSize networkSize = new NetworkSize(Dht.K); // guarded by lock

  /**
   * @param lookedUp is told what was looked for
   */
  Lookups(
      DhtBuilder builder,
      Table table,
      KadClient client,
      Membership members,
      Consumer<Key> lookedUp) {
    this.host = builder.host();
    this.protocol = builder.network().protocol();
    this.paths = builder.paths();
    this.random = builder.random();
    this.table = table;
    this.client = client;
    this.runner = new LookupRunner(host.time(), members, builder.network().reach());
    this.lookedUp = lookedUp;
  }

  /** A look-up that begins with whom this node knows. */
  Lookup begin(Target target, Settings settings) throws NoPeersException {
    List<Contact> seeds = table.seeds(target.key(), Dht.K);
    if (seeds.isEmpty()) {
      throw NoPeersException.of(protocol);
    }
    return begin(target, settings, seeds);
  }

  private Lookup begin(Target target, Settings settings, List<Contact> seeds) {
    return new Lookup(
        target.key(), settings.withPaths(paths), host.peerId(), seeds, client::patienceNanos);
  }

  LookupRunner.Question asking(Request request) {
    return (contact, call) -> client.ask(contact, request, call);
  }

  /** Runs a look-up until it is done. */
  void run(Lookup lookup, LookupRunner.Question question, LookupRunner.Watcher watcher)
      throws InterruptedIOException {
    runner.run(lookup, question, watcher);
  }

  /** Learns from a look-up for all of the nearest how many peers there are. */
  void learn(Lookup lookup) {
    lookedUp.accept(lookup.target());
    if (lookup.isComplete()) {
      lock.lock();
      try {
        networkSize.observe(lookup.target(), lookup.closest(), host.time().nanoTime());
      } finally {
        lock.unlock();
      }
    }
  }

  /** How many peers there are, if that can be said. */
  OptionalDouble networkSize() {
    lock.lock();
    try {
      return networkSize.estimate(host.time().nanoTime());
    } finally {
      lock.unlock();
    }
  }

  /** A look-up for the nearest of all that answer, done. */
  Lookup lookUp(Target target) throws IOException {
    Lookup lookup = begin(target, Settings.ALL);
    run(lookup, asking(new Request.FindNode(target)), (_, _) -> {});
    learn(lookup);
    return lookup;
  }

  /**
   * Asks the nearest until it is enough, and others too where somebody crowds them out.
   *
   * @return the nearest
   */
  List<Contact> search(
      Target key, Request request, LookupRunner.Watcher watcher, BooleanSupplier enough)
      throws IOException {
    Lookup lookup = begin(key, Settings.ALL);
    run(lookup, asking(request), until(lookup, watcher, enough));
    learn(lookup);
    aroundTheCrowd(
        lookup,
        lookup.answerers(),
        others -> {
          Lookup among = begin(key, Settings.ALL, others);
          run(
              among,
              (contact, call) -> client.ask(contact, request, call).withoutCloser(),
              (contact, response) -> {
                watcher.answered(contact, response);
                if (enough.getAsBoolean()) {
                  among.stop();
                }
              });
        },
        enough);
    return lookup.closest();
  }

  /** Until it is enough, or of no use. */
  private LookupRunner.Watcher until(
      Lookup lookup, LookupRunner.Watcher watcher, BooleanSupplier enough) {
    return (contact, response) -> {
      watcher.answered(contact, response);
      if (enough.getAsBoolean() || isCrowdAhead(lookup)) {
        lookup.stop();
      }
    };
  }

  private boolean isCrowdAhead(Lookup lookup) {
    return Crowd.isAhead(lookup.target(), lookup.closestAlive(), Dht.K, networkSize());
  }

  private static List<Contact> found(Lookup lookup) {
    return lookup.isComplete() ? lookup.closest() : lookup.closestAlive();
  }

  /**
   * Visits others of the region, until it is enough, where the nearest are too many to be there by
   * chance.
   *
   * @param lookup that has found the nearest, or was stopped on the way to them
   * @param met who need not be visited
   */
  void aroundTheCrowd(Lookup lookup, List<Contact> met, Visit visit, BooleanSupplier enough)
      throws IOException {
    Optional<Crowd> crowd =
        lookup.isComplete() || isCrowdAhead(lookup)
            ? Crowd.around(lookup.target(), found(lookup), met, Dht.K, networkSize(), random)
            : Optional.empty();
    if (crowd.isEmpty()) {
      return;
    }
    log.debug("the peers nearest to {} are too many to be there by chance", lookup.target());
    while (!enough.getAsBoolean()) {
      Optional<Target> next = crowd.get().next();
      if (next.isEmpty()) {
        return;
      }
      // Near a crowd there is nothing to be learned about how many peers there are.
      Lookup other = begin(next.get(), Settings.ALL);
      var request = new Request.FindNode(next.get());
      run(other, asking(request), until(other, (_, _) -> {}, enough));
      visit.to(crowd.get().found(next.get(), found(other)));
    }
  }
}
