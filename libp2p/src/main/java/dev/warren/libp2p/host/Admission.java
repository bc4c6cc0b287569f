package dev.warren.libp2p.host;

import dev.warren.libp2p.host.ResourceLedger.Permit;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.SecuredConnection;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes connections of a host of those that lead to proven peers, and sees them to their end. */
final class Admission {
  private static final Logger log = LoggerFactory.getLogger(Admission.class);

  private final Host host;
  private final ConnectionTable table;
  private final ResourceLedger ledger;
  private final ConnectionPruner pruner;
  private final Retirement retirement;

  Admission(Host host, ConnectionTable table, ResourceLedger ledger, ConnectionPruner pruner) {
    this.host = host;
    this.table = table;
    this.ledger = ledger;
    this.pruner = pruner;
    retirement = new Retirement(table, host.time());
  }

  /** What connects to a peer. */
  @FunctionalInterface
  interface Dial {
    SecuredConnection run() throws IOException;
  }

  /** What becomes of a connection that was dialed. */
  @FunctionalInterface
  private interface Outcome {
    Connection of(SecuredConnection dialed, Permit permit) throws IOException;
  }

  /**
   * Dials, unless there is a connection.
   *
   * @param good which of the connections that there may be already is as good
   */
  Connection dial(Optional<PeerId> expected, Predicate<Connection> good, Dial dial)
      throws IOException {
    // Somebody may have been faster, in the time that it took to get here.
    Optional<Connection> existing = expected.flatMap(table::best).filter(good);
    return existing.isPresent() ? existing.get() : dial(dial, this::admit);
  }

  /** Dials, whatever there is already. */
  Connection dialAside(Dial dial) throws IOException {
    return dial(dial, this::adopt);
  }

  private Connection dial(Dial dial, Outcome outcome) throws IOException {
    if (host.isClosed()) {
      throw Host.hostClosed();
    }
    Permit permit = ledger.outboundConnection();
    try {
      SecuredConnection dialed = dial.run();
      try {
        return outcome.of(dialed, permit);
      } catch (Throwable e) {
        dialed.muxed().abort();
        throw e;
      }
    } catch (Throwable e) {
      permit.close();
      throw e;
    }
  }

  private Connection admit(SecuredConnection dialed, Permit permit) throws IOException {
    PeerId peer = dialed.remotePeer();
    if (peer.equals(host.peerId())) {
      throw new IOException("the address leads to this host itself");
    }
    Optional<Connection> earlier =
        table.of(peer).stream()
            .filter(other -> other.outbound() && other.isOpen())
            // A direct connection is wanted where there is one through a relay.
            .filter(other -> !other.isRelayed() || dialed.remoteAddress().isCircuit())
            .findFirst();
    if (earlier.isPresent()) { // found at another address, or without knowing who it would be
      dialed.muxed().abort();
      permit.close();
      return earlier.get();
    }
    return adopt(dialed, permit);
  }

  private Connection adopt(SecuredConnection dialed, Permit permit) throws IOException {
    Connection connection = connection(dialed, true, permit);
    if (!table.add(connection)) {
      throw Host.hostClosed();
    }
    host.peerstore().keepAddresses(connection.remotePeer(), List.of(connection.remoteAddress()));
    Thread.ofVirtual().name("libp2p-reader").start(() -> live(connection));
    return connection;
  }

  /** Takes a connection that came in, on its reading thread. */
  void received(SecuredConnection secured, Permit permit) {
    take(secured, false, permit);
  }

  /** Takes one that came in and of which we are the client, on its reading thread. */
  void met(SecuredConnection secured, Permit permit) {
    take(secured, true, permit);
  }

  private void take(SecuredConnection secured, boolean outbound, Permit permit) {
    Connection connection = connection(secured, outbound, permit);
    if (table.add(connection)) {
      live(connection);
    } else {
      secured.muxed().abort();
      permit.close();
    }
  }

  private Connection connection(SecuredConnection secured, boolean outbound, Permit permit) {
    return new Connection(host, secured, outbound, permit, host.time().nanoTime());
  }

  /** The life of a connection in the table, on its reading thread. */
  private void live(Connection connection) {
    retirement.retireSuperseded(connection.remotePeer());
    host.observe(listener -> listener.connected(connection));
    if (table.count() > host.limits().highWatermark()) {
      pruner.prune(host.time().nanoTime());
    }
    IOException cause = connection.run();
    table.remove(connection);
    log.debug("{} ended: {}", connection, cause.getMessage());
    host.observe(listener -> listener.disconnected(connection, cause));
  }
}
