package dev.warren.node.share;

import dev.warren.libp2p.identity.PeerId;

/** Is told of those who receive a share, on threads of theirs; it must not block. */
public interface ReceiverListener {
  /** A receiver was let in, for the first time or again. */
  default void joined(PeerId peer) {}

  /** Content was sent to a receiver. */
  default void sent(PeerId peer, long bytes) {}

  /** A receiver has all that it wanted. */
  default void finished(PeerId peer, long bytes, long files, long millis) {}

  /** A receiver has gone, finished or not. */
  default void left(PeerId peer) {}

  /** As many as may have the share have it. */
  default void exhausted() {}
}
