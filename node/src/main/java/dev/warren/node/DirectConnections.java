package dev.warren.node;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.HostListener;
import dev.warren.protocols.transfer.fetch.Download;

/** Has the sources of a download change from relays to direct connections as these come up. */
record DirectConnections(Download download) implements HostListener {
  @Override
  public void connected(Connection connection) {
    if (!connection.isRelayed()) {
      // On a thread of its own: it is the reader of the connection that tells us.
      Thread.ofVirtual().name("warren-move").start(() -> download.move(connection.remotePeer()));
    }
  }
}
