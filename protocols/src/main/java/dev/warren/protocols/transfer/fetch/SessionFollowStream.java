package dev.warren.protocols.transfer.fetch;

import dev.warren.protocols.transfer.session.Announcement;
import dev.warren.protocols.transfer.session.FollowEvent;
import dev.warren.protocols.transfer.session.FollowRequest;
import dev.warren.protocols.transfer.session.FollowSession;
import dev.warren.protocols.transfer.session.Receipt;
import java.io.IOException;

/** Follows over the network. */
final class SessionFollowStream implements FollowStream {
  private final FollowSession session;

  SessionFollowStream(FollowSession session) {
    this.session = session;
  }

  @Override
  public void follow(long fromSegment) throws IOException {
    session.tell(new FollowRequest.From(fromSegment));
  }

  @Override
  public void announce(Announcement announcement) throws IOException {
    session.tell(announcement);
  }

  @Override
  public void receipt(Receipt receipt) throws IOException {
    session.tell(receipt);
  }

  @Override
  public FollowEvent next() throws IOException {
    return session.next();
  }

  @Override
  public void close() {
    session.close();
  }
}
