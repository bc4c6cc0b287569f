package dev.warren.libp2p.host;

import dev.warren.libp2p.host.ResourceLedger.Permit;
import dev.warren.libp2p.host.Upgrader.Upgraded;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections that come in, until they have proved who they are: bounded in number and in time, and
 * closed with the host.
 */
final class Inbound {
  private static final Logger log = LoggerFactory.getLogger(Inbound.class);

  /** Takes a connection over, on its reading thread, and lives with it until it ends. */
  @FunctionalInterface
  interface Proven {
    void take(RawConnection raw, Upgraded upgraded, Permit permit);
  }

  private final Upgrader upgrader;
  private final ResourceLedger ledger;
  private final TimeSource time;
  private final Duration timeout;
  private final Proven proven;
  private final Set<RawConnection> unproven = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  Inbound(
      Upgrader upgrader, ResourceLedger ledger, TimeSource time, Duration timeout, Proven proven) {
    this.upgrader = upgrader;
    this.ledger = ledger;
    this.time = time;
    this.timeout = timeout;
    this.proven = proven;
  }

  /** Called on the accepting thread: everything that could block happens on a thread of its own. */
  void accept(RawConnection raw) {
    Permit connection = () -> {};
    try {
      connection = ledger.inboundConnection(raw.remoteAddress());
      Permit handshake = ledger.handshake();
      Permit taken = connection;
      Thread.ofVirtual().name("libp2p-reader").start(() -> serve(raw, taken, handshake));
    } catch (LimitExceededException e) {
      log.debug("refusing {}: {}", raw.remoteAddress(), e.getMessage());
      connection.close();
      raw.close();
    }
  }

  private void serve(RawConnection raw, Permit connection, Permit handshake) {
    Optional<Upgraded> upgraded;
    try (handshake) {
      upgraded = upgrade(raw);
    }
    if (upgraded.isPresent()) {
      proven.take(raw, upgraded.get(), connection);
    } else {
      raw.close();
      connection.close();
    }
  }

  private Optional<Upgraded> upgrade(RawConnection raw) {
    unproven.add(raw);
    try (var _ = time.after(timeout, raw::close)) {
      if (closed) {
        return Optional.empty();
      }
      return Optional.of(upgrader.inbound(raw));
    } catch (IOException | RuntimeException e) {
      log.debug("the handshake with {} failed: {}", raw.remoteAddress(), e.toString());
      return Optional.empty();
    } catch (Error e) { // one connection pays for it, and gives back what it has taken
      log.error("the handshake with {} met a fault", raw.remoteAddress(), e);
      return Optional.empty();
    } finally {
      unproven.remove(raw);
    }
  }

  /** Ends what is under way and what still comes. */
  void close() {
    closed = true;
    unproven.forEach(RawConnection::close);
  }
}
