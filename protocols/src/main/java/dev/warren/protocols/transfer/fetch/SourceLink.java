package dev.warren.protocols.transfer.fetch;

import java.io.Closeable;
import java.io.IOException;

/** A connection to one source, on which streams are opened. */
public interface SourceLink extends Closeable {
  /**
   * Begins to follow the share.
   *
   * @throws dev.warren.protocols.transfer.session.RefusedException if the source does not let us
   */
  FollowStream follow() throws IOException;

  /** Opens one more stream for chunks; {@link #follow} has to have succeeded before. */
  DataStream data() throws IOException;

  /** How the source is reached, for people: {@code direct, LAN}. */
  String path();

  /** Whether there is a better way to the source by now, which to connect anew leads over. */
  boolean isSuperseded();

  /** Ends the streams that were opened here; from any thread. */
  @Override
  void close();
}
