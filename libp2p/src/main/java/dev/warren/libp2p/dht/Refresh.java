package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.RoutingTable;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.libp2p.transport.TimeSource.Scheduled;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the routing table alive (libp2p/specs kad-dht, "Bootstrap process"): asks those who have
 * not been heard of for long, looks for peers at each distance where nobody has looked for long,
 * and for those around this node.
 */
final class Refresh {
  private static final Logger log = LoggerFactory.getLogger(Refresh.class);

  /** Farther in there are only peers that a look-up for this node's own key finds as well. */
  private static final int MAX_DEPTH = 15;

  private static final int MAX_PARALLEL = 16;
  private static final int MAX_BOOTSTRAP_PEERS = 64;

  private final Dht dht;
  private final Table table;
  private final Membership members;
  private final Target self;
  private final Host host;
  private final TimeSource time;
  private final Duration interval;
  private final RandomGenerator random;

  /** When somebody last looked at each distance. */
  private final AtomicLongArray lookedNanos = new AtomicLongArray(MAX_DEPTH + 1);

  /** One at a time is enough. */
  private final ReentrantLock turn = new ReentrantLock();

  private volatile List<Multiaddr> bootstrap = List.of();
  private volatile boolean closed;
  private volatile @Nullable Scheduled next;

  Refresh(Dht dht, Table table, Membership members, Target self, DhtBuilder builder) {
    this.dht = dht;
    this.table = table;
    this.members = members;
    this.self = self;
    this.host = builder.host();
    this.time = host.time();
    this.interval = builder.refreshInterval();
    this.random = builder.random();
    for (int i = 0; i <= MAX_DEPTH; i++) {
      lookedNanos.set(i, time.nanoTime() - interval.toNanos());
    }
  }

  void start() {
    soon();
    next = time.after(interval, this::again);
  }

  void close() {
    closed = true;
    Scheduled planned = next;
    if (planned != null) {
      planned.cancel();
    }
  }

  /** Does what is due, on a thread of its own. */
  void soon() {
    Thread.ofVirtual().name("dht-refresh").start(this::run);
  }

  private void again() {
    if (!closed) {
      next = time.after(interval, this::again);
      run();
    }
  }

  /** Somebody has looked there. */
  void lookedUp(Key target) {
    int depth = self.key().commonPrefixLength(target);
    if (depth <= MAX_DEPTH) {
      lookedNanos.set(depth, time.nanoTime());
    }
  }

  /** Takes in peers at these addresses. */
  void join(List<Multiaddr> addresses) throws IOException {
    bootstrap = addresses; // for when everybody has been lost
    forEach(
        addresses.stream().distinct().limit(MAX_BOOTSTRAP_PEERS).toList(),
        address -> {
          // Where the connection leads counts, and not the name that it may have been found by.
          PeerId peer = host.dial(address).remotePeer();
          return members.check(Contact.of(peer, List.of()));
        });
    if (dht.size() == 0) {
      String protocol = dht.network().protocol();
      throw addresses.isEmpty()
          ? NoPeersException.of(protocol)
          : new NoPeersException(
              "none of the %d addresses leads to a peer of %s; check that they are right"
                  .formatted(addresses.size(), protocol));
    }
  }

  /** Does what is due; what somebody else is at already is waited for. */
  void now() throws IOException {
    try {
      turn.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
    try {
      whatIsDue();
    } finally {
      turn.unlock();
    }
  }

  private void run() {
    if (!turn.tryLock()) {
      return;
    }
    try {
      whatIsDue();
    } catch (IOException e) {
      log.debug("the routing table was not refreshed: {}", e.toString());
    } finally {
      turn.unlock();
    }
  }

  private void whatIsDue() throws IOException {
    dht.deleteExpired();
    long before = time.nanoTime() - interval.toNanos();
    forEach(table.ask(contacts -> contacts.unheardSince(before)), members::check);
    if (table.closest(self.key(), 1).isEmpty() && !bootstrap.isEmpty()) { // all are in doubt
      join(bootstrap);
    }
    if (dht.size() > 0) {
      lookEverywhere(before);
    }
  }

  private void lookEverywhere(long beforeNanos) throws IOException {
    int deepest = table.ask(RoutingTable::deepest).orElse(0);
    for (int depth = 0; depth <= Math.min(deepest, MAX_DEPTH) && !closed; depth++) {
      if (lookedNanos.get(depth) - beforeNanos <= 0) {
        dht.closestPeers(Target.atDepth(self.key(), depth, random));
      }
    }
    dht.closestPeers(self);
  }

  /** Something to be done with one of many. */
  @FunctionalInterface
  private interface Step<T> {
    boolean take(T item) throws IOException;
  }

  /** Some at a time, and returns when all have been. */
  private <T> void forEach(List<T> items, Step<T> step) throws IOException {
    var parallel = new Semaphore(MAX_PARALLEL);
    var threads = new ArrayList<Thread>();
    try {
      for (T item : items) {
        parallel.acquire();
        threads.add(
            Thread.ofVirtual()
                .name("dht-check")
                .start(
                    () -> {
                      try {
                        step.take(item);
                      } catch (IOException e) {
                        log.debug("{} is not there: {}", item, e.toString());
                      } finally {
                        parallel.release();
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
  }

  private static InterruptedIOException interrupted() {
    return new InterruptedIOException("looking after the routing table was interrupted");
  }
}
