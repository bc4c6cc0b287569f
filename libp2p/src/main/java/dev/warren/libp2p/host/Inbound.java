package dev.warren.libp2p.host;

import dev.warren.libp2p.host.ResourceLedger.Permit;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.transport.Cancellation;
import dev.warren.libp2p.transport.IncomingConnection;
import dev.warren.libp2p.transport.SecureTransport;
import dev.warren.libp2p.transport.SecuredConnection;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
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
    void take(SecuredConnection connection, Permit permit);
  }

  private final ResourceLedger ledger;
  private final TimeSource time;
  private final Duration timeout;
  private final Proven proven;
  private final Proven met;

  /** Where peers are whom we dial as they dial us, and who have us for the client. */
  private final Map<Multiaddr, PeerId> servers = new ConcurrentHashMap<>();

  private final Set<IncomingConnection> unproven = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @param met is given those of which we are the client
   */
  Inbound(ResourceLedger ledger, TimeSource time, Duration timeout, Proven proven, Proven met) {
    this.ledger = ledger;
    this.time = time;
    this.timeout = timeout;
    this.proven = proven;
    this.met = met;
  }

  /** Called on the accepting thread: everything that could block happens on a thread of its own. */
  void accept(IncomingConnection incoming) {
    Permit connection = () -> {};
    try {
      connection = ledger.inboundConnection(incoming.remoteAddress());
      Permit handshake = ledger.handshake(incoming.remoteAddress());
      Permit taken = connection;
      Thread.ofVirtual().name("libp2p-reader").start(() -> serve(incoming, taken, handshake));
    } catch (LimitExceededException e) {
      log.debug("refusing {}: {}", incoming.remoteAddress(), e.getMessage());
      connection.close();
      incoming.close();
    }
  }

  /** Takes the server's part of a hole punch, on a thread of its own. */
  void punch(SecureTransport transport, PeerId peer, Multiaddr address, Cancellation cancellation) {
    Thread.ofVirtual()
        .name("libp2p-punch " + address)
        .start(
            () -> {
              try {
                transport
                    .punch(address, cancellation)
                    .ifPresent(punched -> accept(new Punched(punched, peer)));
              } catch (IOException | RuntimeException e) {
                log.debug("no way from {} was opened: {}", address, e.toString());
              }
            });
  }

  /**
   * Takes the client's part of a hole punch, until closed: the peer's connection may come in before
   * ours goes out, where nothing keeps it out, and both ends would wait for the client's word.
   *
   * <p>The peer may have named where somebody else is, who is just dialing us and takes himself for
   * the client. So one connection of each address is met, and what comes next is as any other.
   */
  Meeting meet(PeerId peer, Collection<Multiaddr> addresses) {
    List<Multiaddr> raw = addresses.stream().filter(each -> !each.has(Protocol.QUIC_V1)).toList();
    raw.forEach(each -> servers.put(each, peer));
    return () -> raw.forEach(each -> servers.remove(each, peer));
  }

  /** Until it is closed, a peer is met. */
  @FunctionalInterface
  interface Meeting extends AutoCloseable {
    @Override
    void close();
  }

  private void serve(IncomingConnection incoming, Permit connection, Permit handshake) {
    Optional<PeerId> server = Optional.ofNullable(servers.remove(incoming.remoteAddress()));
    Optional<SecuredConnection> secured;
    try (handshake) {
      secured = secure(incoming, server);
    }
    if (secured.isPresent()) {
      (server.isPresent() ? met : proven).take(secured.get(), connection);
    } else {
      incoming.close();
      connection.close();
    }
  }

  private Optional<SecuredConnection> secure(IncomingConnection incoming, Optional<PeerId> server) {
    unproven.add(incoming);
    try (var _ = time.after(timeout, incoming::close)) {
      if (closed) {
        return Optional.empty();
      }
      return Optional.of(
          server.isPresent() ? incoming.secureAsClient(server.get()) : incoming.secure());
    } catch (IOException | RuntimeException e) {
      log.debug("the handshake with {} failed: {}", incoming.remoteAddress(), e.toString());
      return Optional.empty();
    } catch (Error e) { // one connection pays for it, and gives back what it has taken
      log.error("the handshake with {} met a fault", incoming.remoteAddress(), e);
      return Optional.empty();
    } finally {
      unproven.remove(incoming);
    }
  }

  /** Ends what is under way and what still comes. */
  void close() {
    closed = true;
    unproven.forEach(IncomingConnection::close);
  }
}
