package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.TimeSource;
import java.time.Duration;

/** Closes connections that a better one to the same peer has superseded. */
final class Retirement {
  /** Lets streams that were opened on a superseded connection come to their end. */
  private static final Duration DELAY = Duration.ofSeconds(1);

  private final ConnectionTable table;
  private final TimeSource time;

  Retirement(ConnectionTable table, TimeSource time) {
    this.table = table;
    this.time = time;
  }

  /** Closes all but the preferred connection to a peer, each once its streams have ended. */
  void retireSuperseded(PeerId peer) {
    table.of(peer).stream().skip(1).forEach(this::retireLater);
  }

  private void retireLater(Connection connection) {
    time.after(DELAY, () -> retire(connection));
  }

  private void retire(Connection connection) {
    if (!connection.isOpen() || !isSuperseded(connection)) {
      return;
    }
    if (connection.streamCount() == 0) {
      connection.close();
    } else {
      retireLater(connection);
    }
  }

  /**
   * Whether there is a better one. Between two that the peer dialed the choice is the peer's: we
   * may have seen them come up in another order, and between us we would close both.
   */
  private boolean isSuperseded(Connection connection) {
    return table
        .best(connection.remotePeer())
        .filter(best -> best != connection && (best.outbound() || connection.outbound()))
        .isPresent();
  }
}
