package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.protocol.ping.Ping;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices soon when a relay at which we have a place is gone. TCP tells when a process ends; over
 * QUIC there is silence, for half a minute until the connection counts as idle, in which nobody
 * could reach us. A relay that is back by then says that it knows nobody, to whoever sends it
 * something.
 */
final class Pulse {
  private static final Logger log = LoggerFactory.getLogger(Pulse.class);

  private static final Duration INTERVAL = Duration.ofSeconds(3);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(5);

  private final TimeSource time;
  private final CountDownLatch closed = new CountDownLatch(1);

  private Pulse(TimeSource time) {
    this.time = time;
  }

  /** Begins to watch. */
  static Pulse start(Host host, PeerId relay) {
    var pulse = new Pulse(host.time());
    Optional<Connection> quic =
        host.connections(relay).stream()
            .findFirst()
            .filter(connection -> connection.remoteAddress().has(Protocol.QUIC_V1));
    quic.ifPresent(
        connection ->
            Thread.ofVirtual().name("libp2p-pulse").start(() -> pulse.watch(host, connection)));
    return pulse;
  }

  void close() {
    closed.countDown();
  }

  private void watch(Host host, Connection connection) {
    try (var ping = new Ping(host, connection)) {
      while (!isClosedWithin(INTERVAL) && connection.isOpen()) {
        try (var _ = time.after(ANSWER_TIMEOUT, connection::close)) {
          ping.measure();
        }
      }
    } catch (IOException e) {
      log.debug("{} does not answer: {}", connection, e.toString());
      connection.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosedWithin(Duration pause) throws InterruptedException {
    var over = new CountDownLatch(1);
    try (var _ = time.after(pause, over::countDown)) {
      over.await();
    }
    return closed.getCount() == 0;
  }
}
