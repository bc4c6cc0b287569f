package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.util.List;

/**
 * A running node, which shares and receives until it is closed. Safe for many threads; see {@link
 * Warren#start}.
 */
public interface Node extends AutoCloseable {
  /** Who this node is to others. */
  PeerId peerId();

  /** Where it can be reached, without its id. */
  List<Multiaddr> addresses();

  /**
   * Begins to share. The codes are there when this returns; listing and hashing go on.
   *
   * @throws IOException if there is nothing to share, or it cannot be read
   */
  Sharing share(ShareOptions options) throws IOException;

  /** Begins to receive: to look for the sharer at first. How it goes is for {@link Receiving}. */
  Receiving receive(ReceiveOptions options) throws IOException;

  /**
   * What this node knows at present of its way to others, and theirs to it. Asks the relays how
   * long they take, for two seconds at most.
   */
  Connectivity connectivity();

  /** What this node remembers, and whom it blocks. */
  NodeRecords records();

  /** Ends all that goes on in good order. Shares that were not ended go on with the next start. */
  @Override
  void close();
}
