package dev.warren.protocols.transfer.fetch;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.protocols.transfer.session.FollowEvent;
import java.io.IOException;
import java.time.Duration;

/** Is told what happens to a download, on threads of the download; it must not block. */
public interface DownloadListener {
  /** A source is there, and how it is reached. */
  default void connected(PeerId source, String path) {}

  /** A source was lost or could not be reached, and will be tried again. */
  default void lost(PeerId source, IOException reason, Duration retryAfter) {}

  /** A source is of no use any more. */
  default void dropped(PeerId source, IOException reason) {}

  /** Others offered themselves; they will be tried. */
  default void discovered(FollowEvent.Seed seed) {}
}
