package dev.warren.libp2p.discovery;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.transport.TimeSource;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/** Asks for a service again and again, less and less often (RFC 6762, 5.2), and listens. */
final class Search {
  private static final Duration FIRST_INTERVAL = Duration.ofSeconds(1);

  /** Twice within the time that announcements of most implementations hold. */
  private static final Duration MAX_INTERVAL = Duration.ofMinutes(1);

  private final ServiceName service;
  private final PeerFound listener;
  private final TimeSource time;
  private final RandomGenerator random;
  private final Runnable ask;
  private final ReentrantLock lock = new ReentrantLock();
  private final FoundPeers found = new FoundPeers(); // guarded by lock
  private Duration interval = FIRST_INTERVAL; // guarded by lock
  private TimeSource.Scheduled next = () -> {}; // guarded by lock
  private boolean closed; // guarded by lock

  Search(
      ServiceName service,
      PeerFound listener,
      TimeSource time,
      RandomGenerator random,
      Runnable ask) {
    this.service = service;
    this.listener = listener;
    this.time = time;
    this.random = random;
    this.ask = ask;
  }

  ServiceName service() {
    return service;
  }

  /** Asks now, and often for a while: at the beginning, and when the network is another one. */
  void start() {
    lock.lock();
    try {
      interval = FIRST_INTERVAL;
    } finally {
      lock.unlock();
    }
    again();
  }

  private void again() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      schedule();
      Duration doubled = interval.multipliedBy(2);
      interval = doubled.compareTo(MAX_INTERVAL) < 0 ? doubled : MAX_INTERVAL;
    } finally {
      lock.unlock();
    }
    ask.run();
  }

  private void schedule() {
    next.cancel();
    // Nodes that began in one moment, as after a power cut, drift apart.
    long jitterMillis = random.nextLong(interval.toMillis() / 5);
    next = time.after(interval.plusMillis(jitterMillis), this::again);
  }

  /** Another one has asked, and all will hear the answer: our turn can wait (RFC 6762, 7.3). */
  void asked() {
    lock.lock();
    try {
      if (!closed && interval.equals(MAX_INTERVAL)) {
        schedule();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes note of what somebody said, and tells the listener if it is news. */
  void heard(Sighting sighting, InetAddress source) {
    if (sighting.ttlSeconds() > 0 && sighting.peer().isEmpty()) {
      return;
    }
    Optional<List<Multiaddr>> news;
    lock.lock();
    try {
      news = closed ? Optional.empty() : found.heard(sighting, source, time.nanoTime());
    } finally {
      lock.unlock();
    }
    news.ifPresent(addresses -> listener.peerFound(sighting.peer().orElseThrow(), addresses));
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      next.cancel();
    } finally {
      lock.unlock();
    }
  }
}
