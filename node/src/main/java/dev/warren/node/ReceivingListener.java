package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import java.time.Duration;
import java.util.List;

/** Is told how receiving goes, on threads of the node; it must not block. */
public interface ReceivingListener {
  /** Something has changed in how the sharer is looked for; all the ways there are. */
  default void finding(List<Way> ways) {}

  /** The sharer was found and lets us have the share, or a person there is being asked. */
  default void found(PeerId sharer, String path) {}

  /** A person at the sharer's is being asked. */
  default void waitingForApproval() {}

  /** There is one more source, and how it is reached. */
  default void connected(PeerId source, String path) {}

  /** A source was lost and will be tried again. */
  default void lost(PeerId source, String reason, Duration retryAfter) {}

  /** A source is of no use any more. */
  default void dropped(PeerId source, String reason) {}

  /** Everything is here; others may still fetch it from us. */
  default void done(Received received) {}
}
