package dev.warren.protocols.transfer.fetch;

import dev.warren.libp2p.host.Connection;
import dev.warren.protocols.transfer.content.Throttle;
import dev.warren.protocols.transfer.session.Acceptance;
import dev.warren.protocols.transfer.session.FollowSession;
import dev.warren.protocols.transfer.session.SessionClient;
import dev.warren.protocols.transfer.session.ShareAccess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A source at the other end of a connection, which may carry other things as well. */
public final class SessionLink implements SourceLink {
  private final Connection connection;
  private final SessionClient client;
  private final Supplier<ShareAccess> access;
  private final Consumer<Acceptance> accepted;
  private final Runnable waiting;
  private final Throttle throttle;
  private final String path;
  private final ReentrantLock lock = new ReentrantLock();

  /** What closes the streams that were opened. Guarded by lock, as is what follows. */
  private final List<Runnable> closers = new ArrayList<>();

  private boolean closed;

  /**
   * A source that is connected.
   *
   * @param access what is needed to be let in, as it is by then
   * @param accepted is told what the source said as it let us in
   * @param waiting is run when a person at the source's is asked
   * @param throttle holds back content, so that the source sends no faster
   * @param path how the source is reached, for people
   */
  public SessionLink(
      Connection connection,
      SessionClient client,
      Supplier<ShareAccess> access,
      Consumer<Acceptance> accepted,
      Runnable waiting,
      Throttle throttle,
      String path) {
    this.connection = connection;
    this.client = client;
    this.access = access;
    this.accepted = accepted;
    this.waiting = waiting;
    this.throttle = throttle;
    this.path = path;
  }

  @Override
  public FollowStream follow() throws IOException {
    FollowSession session = client.follow(connection, access.get(), waiting);
    accepted.accept(session.acceptance());
    var stream = new SessionFollowStream(session);
    keep(stream::close);
    return stream;
  }

  @Override
  public DataStream data() throws IOException {
    var stream = new SessionDataStream(client.data(connection, access.get(), () -> {}), throttle);
    keep(stream::close);
    return stream;
  }

  @Override
  public String path() {
    return path;
  }

  @Override
  public boolean isSuperseded() {
    return connection.isSuperseded();
  }

  /** The connection stays: it is not ours alone. */
  @Override
  public void close() {
    List<Runnable> open;
    lock.lock();
    try {
      closed = true;
      open = List.copyOf(closers);
    } finally {
      lock.unlock();
    }
    open.forEach(Runnable::run);
  }

  private void keep(Runnable closer) throws IOException {
    lock.lock();
    try {
      if (!closed) {
        closers.add(closer);
        return;
      }
    } finally {
      lock.unlock();
    }
    closer.run();
    throw new IOException("the source was left");
  }
}
