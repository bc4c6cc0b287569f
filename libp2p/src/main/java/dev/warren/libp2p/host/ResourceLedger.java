package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/** Counts what peers use of this host against its {@link Limits}. */
final class ResourceLedger {

  /** What was taken; given back once, however often it is asked for. */
  @FunctionalInterface
  interface Permit extends AutoCloseable {
    @Override
    void close();
  }

  private final Limits limits;
  private final Semaphore connections;
  private final Semaphore handshakes;
  private final Semaphore streams;
  private final Tally<IpGroup> inboundPerIp;
  private final Tally<Optional<String>> handshakesPerRelay;
  private final Tally<PeerId> streamsPerPeer;

  ResourceLedger(Limits limits) {
    this.limits = limits;
    connections = new Semaphore(limits.maxConnections());
    handshakes = new Semaphore(limits.maxPendingHandshakes());
    streams = new Semaphore(limits.maxStreams());
    inboundPerIp = new Tally<>("maxConnectionsPerIp", limits.maxConnectionsPerIp());
    handshakesPerRelay =
        new Tally<>("maxPendingHandshakes / 8", Math.max(1, limits.maxPendingHandshakes() / 8));
    streamsPerPeer = new Tally<>("maxStreamsPerPeer", limits.maxStreamsPerPeer());
  }

  Limits limits() {
    return limits;
  }

  /** For a connection that we dialed. */
  Permit outboundConnection() throws LimitExceededException {
    return take(connections, "maxConnections", limits.maxConnections());
  }

  /** For a connection that came in from this address. */
  Permit inboundConnection(Multiaddr remote) throws LimitExceededException {
    Permit all = take(connections, "maxConnections", limits.maxConnections());
    Optional<IpGroup> group = IpGroup.of(remote);
    Permit taken = all;
    for (IpGroup each : group.stream().flatMap(IpGroup::withSite).toList()) {
      taken = inboundPerIp.take(each, each.shares(), taken);
    }
    return taken;
  }

  /**
   * For an inbound connection that has not yet proved who it is. Through a relay anybody comes,
   * from wherever they are: so those of one relay have an eighth of all.
   */
  Permit handshake(Multiaddr remote) throws LimitExceededException {
    Permit all = take(handshakes, "maxPendingHandshakes", limits.maxPendingHandshakes());
    return remote.isCircuit() ? handshakesPerRelay.take(remote.value(Protocol.P2P), 1, all) : all;
  }

  /**
   * For a stream that a peer opened, until its handler has ended. The multiplexer counts streams
   * too, but on one connection, and one that is reset at once leaves that count while its handler
   * may still run.
   */
  Permit stream(PeerId peer) throws LimitExceededException {
    return streamsPerPeer.take(peer, 1, take(streams, "maxStreams", limits.maxStreams()));
  }

  private static Permit take(Semaphore semaphore, String limit, long value)
      throws LimitExceededException {
    if (!semaphore.tryAcquire()) {
      throw new LimitExceededException(limit, value);
    }
    return once(semaphore::release);
  }

  private static Permit once(Runnable release) {
    var released = new AtomicBoolean();
    return () -> {
      if (released.compareAndSet(false, true)) {
        release.run();
      }
    };
  }

  /** Counts what each of many has taken. */
  private static final class Tally<K> {
    private final String limit;
    private final int max;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<K, Integer> taken = new HashMap<>(); // guarded by lock

    Tally(String limit, int max) {
      this.limit = limit;
      this.max = max;
    }

    /**
     * Joins one more for this key to what was taken of another count, or gives that back.
     *
     * @param shares how many times the limit the key may take
     */
    Permit take(K key, int shares, Permit joined) throws LimitExceededException {
      lock.lock();
      try {
        int count = taken.getOrDefault(key, 0);
        if (count / shares >= max) {
          joined.close();
          throw new LimitExceededException(limit, max);
        }
        taken.put(key, count + 1);
      } finally {
        lock.unlock();
      }
      return once(
          () -> {
            release(key);
            joined.close();
          });
    }

    private void release(K key) {
      lock.lock();
      try {
        taken.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
      } finally {
        lock.unlock();
      }
    }
  }
}
