package dev.warren.cli.endtoend;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.protocols.transfer.content.ChunkSet;
import dev.warren.protocols.transfer.content.Everything;
import dev.warren.protocols.transfer.content.Subscription;
import dev.warren.protocols.transfer.manifest.ManifestReader;
import dev.warren.protocols.transfer.manifest.SegmentLog;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import dev.warren.protocols.transfer.serve.ChunkUnavailableException;
import dev.warren.protocols.transfer.serve.ServedShare;
import dev.warren.protocols.transfer.serve.TransferServer;
import dev.warren.protocols.transfer.session.Announcement;
import dev.warren.protocols.transfer.session.FollowEvent;
import dev.warren.protocols.transfer.session.FollowRequest;
import dev.warren.protocols.transfer.session.FollowSession;
import dev.warren.protocols.transfer.session.SessionClient;
import dev.warren.protocols.transfer.session.ShareAccess;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import dev.warren.sharecodes.Ticket;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A receiver with a good code whom the sharer lets in, and who says to have everything. What it
 * gives is as long as it should be and well sealed, and none of it is right.
 */
final class LyingSource implements AutoCloseable {
  private final Host host;
  private final TransferServer server;
  private final FollowSession session;
  private final AtomicLong lies = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final ManifestReader manifest = new ManifestReader(); // guarded by lock

  private LyingSource(Host host, Ticket ticket) throws IOException {
    this.host = host;
    host.listen(Multiaddr.parse("/ip4/127.0.0.1/tcp/0"));
    var connection = host.dial(ticket.peer(), ticket.fullAddresses());
    var access = new ShareAccess(ticket.share(), ticket.key(), ticket.peer(), Optional.empty());
    session = new SessionClient(host.peerId(), host.time()).follow(connection, access, () -> {});
    var share = new Lies(ticket, session.acceptance().sharer());
    server =
        TransferServer.start(
            host, id -> Optional.<ServedShare>of(share).filter(it -> it.id().equals(id)));
    session.tell(new FollowRequest.From(0));
    session.tell(new Announcement(true, host.addresses(), new byte[0]));
    Thread.ofVirtual().name("liar").start(this::follow);
  }

  /** Joins those who receive. */
  static LyingSource join(Ticket ticket) throws IOException {
    Host host = Host.builder().identity(PrivateKey.generate(KeyType.ED25519)).start();
    try {
      return new LyingSource(host, ticket);
    } catch (IOException | RuntimeException e) {
      host.close();
      throw e;
    }
  }

  /** How many wrong chunks it has given. */
  long lies() {
    return lies.get();
  }

  private void follow() {
    try {
      while (true) {
        if (session.next() instanceof FollowEvent.Grown(SignedSegment segment)) {
          lock.lock();
          try {
            manifest.read(segment);
          } finally {
            lock.unlock();
          }
        }
      }
    } catch (IOException e) {
      // The sharer has gone.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    host.close();
  }

  private final class Lies implements ServedShare {
    private final Ticket ticket;
    private final PublicKey sharer;

    private Lies(Ticket ticket, PublicKey sharer) {
      this.ticket = ticket;
      this.sharer = sharer;
    }

    @Override
    public ShareId id() {
      return ticket.share();
    }

    @Override
    public ShareKey key() {
      return ticket.key();
    }

    @Override
    public PublicKey sharer() {
      return sharer;
    }

    @Override
    public String name() {
      return "truth";
    }

    @Override
    public String description() {
      return "";
    }

    @Override
    public SegmentLog segments() {
      return new NoSegments();
    }

    @Override
    public ChunkSet chunks() {
      return Everything.EVERYTHING;
    }

    @Override
    public int chunkLength(long ordinal) throws IOException {
      lock.lock();
      try {
        if (ordinal >= manifest.chunks()) {
          throw new ChunkUnavailableException(
              ChunkUnavailableException.Reason.NOT_HERE, "not heard of yet");
        }
        return manifest.chunkLength(ordinal);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public int readChunk(long ordinal, byte[] into, int offset) throws IOException {
      int length = chunkLength(ordinal);
      for (int i = 0; i < length; i++) {
        into[offset + i] = (byte) (i * 31);
      }
      lies.incrementAndGet();
      return length;
    }

    @Override
    public Admission admit(PeerId receiver, Runnable waiting) {
      return new Welcome();
    }
  }

  /** Leaves the list to the sharer. */
  private static final class NoSegments implements SegmentLog {
    @Override
    public long size() {
      return 0;
    }

    @Override
    public boolean complete() {
      return false;
    }

    @Override
    public SignedSegment read(long index) {
      throw new IndexOutOfBoundsException(Long.toString(index));
    }

    @Override
    public Subscription onGrowth(Runnable action) {
      return () -> {};
    }
  }

  private static final class Welcome implements ServedShare.Admission {
    @Override
    public Instant expires() {
      return Instant.MAX;
    }

    @Override
    public int take(int most) {
      return most;
    }

    @Override
    public void sent(long bytes) {}

    @Override
    public void receipt(long bytes, long files, long millis, boolean complete) {}

    @Override
    public void close() {}
  }
}
