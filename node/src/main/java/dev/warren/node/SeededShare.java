package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.receive.ReceivedShare;
import dev.warren.node.store.AuditLog;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.StoreException;
import dev.warren.protocols.transfer.content.ChunkSet;
import dev.warren.protocols.transfer.content.ChunkSummary;
import dev.warren.protocols.transfer.manifest.SegmentLog;
import dev.warren.protocols.transfer.serve.ServedShare;
import dev.warren.protocols.transfer.session.Announcement;
import dev.warren.protocols.transfer.session.RefusedException;
import dev.warren.protocols.transfer.session.TransferProtocol;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has been received of a share, given to others whom the sharer has let in. */
final class SeededShare implements ServedShare {
  private static final Logger log = LoggerFactory.getLogger(SeededShare.class);

  private static final int PAGE = 4096;

  private final WarrenNode node;
  private final Found found;
  private final SwarmMemory memory;
  private final ShareDatabase database;
  private final ReceivedShare share;
  private final SpeedLimit limit;
  private final LongAdder sentBytes = new LongAdder();

  SeededShare(
      WarrenNode node, Found found, SwarmMemory memory, ReceivedFiles files, SpeedLimit limit) {
    this.node = node;
    this.found = found;
    this.memory = memory;
    database = files.database();
    share = files.share();
    this.limit = limit;
  }

  /** Tells the sharer that this is here, and what of it when it is all that was wanted. */
  Announcement announcement(boolean whole) throws IOException {
    List<Multiaddr> addresses =
        UsefulAddresses.of(node.addresses()).stream()
            .limit(TransferProtocol.MAX_ADDRESSES)
            .toList();
    return new Announcement(true, addresses, whole ? summary() : new byte[0]);
  }

  private byte[] summary() throws IOException {
    long count = share.chunkCount();
    var summary = ChunkSummary.expecting(count);
    for (long first = 0; first < count; first += PAGE) {
      database.chunks(first, PAGE).forEach(chunk -> summary.add(chunk.hash()));
    }
    return summary.build().toBytes();
  }

  @Override
  public ShareId id() {
    return found.share();
  }

  @Override
  public ShareKey key() {
    return found.key();
  }

  @Override
  public PublicKey sharer() {
    return found.sharer();
  }

  @Override
  public String name() {
    return memory.name();
  }

  @Override
  public String description() {
    return memory.description();
  }

  @Override
  public SegmentLog segments() {
    return database;
  }

  @Override
  public ChunkSet chunks() {
    return share.chunksHere();
  }

  @Override
  public int chunkLength(long ordinal) throws IOException {
    return share.chunkLength(ordinal);
  }

  @Override
  public int readChunk(long ordinal, byte[] into, int offset) throws IOException {
    return share.read(ordinal, into, offset);
  }

  /** The sharer's token has been looked at before; it decides. */
  @Override
  public Admission admit(PeerId receiver, Runnable waiting) throws RefusedException {
    if (node.isBlocked(receiver)) {
      throw new RefusedException(RefusedException.Reason.BLOCKED, "this source has blocked you");
    }
    record(AuditLog.Event.ADMITTED, receiver, 0, 0);
    return new Admitted(receiver);
  }

  /** How much of it was sent to others. */
  long sentBytes() {
    return sentBytes.sum();
  }

  private void record(AuditLog.Event event, PeerId receiver, long bytes, long millis) {
    try {
      var line =
          new AuditLog.Line(
              Instant.now(), event, id().text(), receiver.toString(), bytes, 0, millis, "");
      node.database().audit().add(line);
    } catch (StoreException e) {
      log.warn("the audit log cannot be written", e);
    }
  }

  /** One who is here for what we have. */
  private final class Admitted implements Admission {
    private final PeerId receiver;
    private final Instant since = Instant.now();
    private final LongAdder sent = new LongAdder();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Admitted(PeerId receiver) {
      this.receiver = receiver;
    }

    @Override
    public Instant expires() {
      return Instant.now();
    }

    @Override
    public int take(int most) throws IOException {
      return limit.take(most);
    }

    @Override
    public void sent(long bytes) {
      sent.add(bytes);
      sentBytes.add(bytes);
    }

    /** For the sharer, who counts those that have all of it. */
    @Override
    public void receipt(long bytes, long files, long millis, boolean complete) {}

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        long millis = Duration.between(since, Instant.now()).toMillis();
        record(AuditLog.Event.LEFT, receiver, sent.sum(), millis);
      }
    }
  }
}
