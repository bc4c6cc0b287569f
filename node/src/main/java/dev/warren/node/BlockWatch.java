package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.node.store.KnownPeers;
import dev.warren.node.store.StoreException;
import java.io.Closeable;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Looks out for peers that another process of the same data directory blocks. */
final class BlockWatch implements Closeable {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final KnownPeers peers;
  private final Consumer<PeerId> blocked;
  private final Repeated looking;

  /** Only used by {@link #look}, which does not run twice at a time. */
  private Set<PeerId> known = Set.of();

  /**
   * Begins.
   *
   * @param blocked is told of each peer that is blocked
   */
  BlockWatch(KnownPeers peers, TimeSource time, Consumer<PeerId> blocked) {
    this.peers = peers;
    this.blocked = blocked;
    looking = new Repeated(time, INTERVAL, this::look);
  }

  private void look() throws StoreException {
    Set<PeerId> now = new HashSet<>();
    peers.blocked().forEach(it -> now.add(it.peer()));
    now.stream().filter(peer -> !known.contains(peer)).forEach(blocked);
    known = now;
  }

  @Override
  public void close() {
    looking.close();
  }
}
