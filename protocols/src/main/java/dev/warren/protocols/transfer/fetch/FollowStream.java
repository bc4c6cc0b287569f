package dev.warren.protocols.transfer.fetch;

import dev.warren.protocols.transfer.session.Announcement;
import dev.warren.protocols.transfer.session.FollowEvent;
import dev.warren.protocols.transfer.session.Receipt;
import java.io.Closeable;
import java.io.IOException;

/**
 * What a source tells of a share, and is told. One thread waits for events; telling may be done by
 * any.
 */
public interface FollowStream extends Closeable {
  /** Asks for the segments of the manifest from an index on, as they come to be. */
  void follow(long fromSegment) throws IOException;

  /** Says what can be fetched from here. */
  void announce(Announcement announcement) throws IOException;

  /** Says how it went. */
  void receipt(Receipt receipt) throws IOException;

  /** Waits for the next event, for as long as it takes. */
  FollowEvent next() throws IOException;

  @Override
  void close();
}
