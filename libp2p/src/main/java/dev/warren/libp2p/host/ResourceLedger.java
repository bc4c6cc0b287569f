package dev.warren.libp2p.host;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
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
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<IpGroup, Integer> inboundPerIp = new HashMap<>(); // guarded by lock

  ResourceLedger(Limits limits) {
    this.limits = limits;
    connections = new Semaphore(limits.maxConnections());
    handshakes = new Semaphore(limits.maxPendingHandshakes());
    streams = new Semaphore(limits.maxStreams());
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
    Optional<IpGroup> group = remote.ip().filter(ip -> !ip.isLoopbackAddress()).map(IpGroup::of);
    if (group.isEmpty()) {
      return all;
    }
    if (!takePerIp(group.get())) {
      all.close();
      throw new LimitExceededException("maxConnectionsPerIp", limits.maxConnectionsPerIp());
    }
    return once(
        () -> {
          releasePerIp(group.get());
          all.close();
        });
  }

  /** For an inbound connection that has not yet proved who it is. */
  Permit handshake() throws LimitExceededException {
    return take(handshakes, "maxPendingHandshakes", limits.maxPendingHandshakes());
  }

  /** For a stream that a peer opened. */
  Permit stream() throws LimitExceededException {
    return take(streams, "maxStreams", limits.maxStreams());
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

  private boolean takePerIp(IpGroup group) {
    lock.lock();
    try {
      int count = inboundPerIp.getOrDefault(group, 0);
      if (count >= limits.maxConnectionsPerIp()) {
        return false;
      }
      inboundPerIp.put(group, count + 1);
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void releasePerIp(IpGroup group) {
    lock.lock();
    try {
      inboundPerIp.computeIfPresent(group, (_, count) -> count == 1 ? null : count - 1);
    } finally {
      lock.unlock();
    }
  }

  /** One IPv4 address or one IPv6 /64: what a single customer usually has. */
  private record IpGroup(String prefix) {
    static IpGroup of(InetAddress ip) {
      byte[] bytes = ip.getAddress();
      byte[] prefix = ip instanceof Inet4Address ? bytes : Arrays.copyOf(bytes, 8);
      return new IpGroup(Arrays.toString(prefix));
    }
  }
}
