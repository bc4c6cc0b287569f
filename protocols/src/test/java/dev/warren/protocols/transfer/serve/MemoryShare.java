package dev.warren.protocols.transfer.serve;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.protocols.transfer.content.ChunkSet;
import dev.warren.protocols.transfer.content.Everything;
import dev.warren.protocols.transfer.manifest.SegmentList;
import dev.warren.protocols.transfer.session.RefusedException;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** A share whose chunks are in memory, and which remembers whom it was asked for by. */
final class MemoryShare implements ServedShare {
  static final Instant EXPIRES = Instant.parse("2030-01-02T00:00:00Z");

  /** Decides on a receiver. */
  @FunctionalInterface
  interface Door {
    void ask(PeerId receiver, Runnable waiting) throws RefusedException;
  }

  /** Reads a chunk in place of the share. */
  @FunctionalInterface
  interface Reader {
    void beforeReading(long ordinal) throws IOException;
  }

  private final PublicKey sharer;
  private final ShareId id = new ShareId("ABC123");
  private final ShareKey key = ShareKey.generate(new SecureRandom());
  final SegmentList segments = new SegmentList();
  final List<byte[]> content = new CopyOnWriteArrayList<>();
  final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  /** What was held to the limits of speed. */
  final AtomicLong limited = new AtomicLong();

  volatile ChunkSet chunks = Everything.EVERYTHING;
  volatile Door door = (receiver, waiting) -> {};
  volatile Reader reader = ordinal -> {};

  MemoryShare(PublicKey sharer) {
    this.sharer = sharer;
  }

  @Override
  public ShareId id() {
    return id;
  }

  @Override
  public ShareKey key() {
    return key;
  }

  @Override
  public PublicKey sharer() {
    return sharer;
  }

  @Override
  public String name() {
    return "mods";
  }

  @Override
  public String description() {
    return "";
  }

  @Override
  public SegmentList segments() {
    return segments;
  }

  @Override
  public ChunkSet chunks() {
    return chunks;
  }

  @Override
  public int chunkLength(long ordinal) throws IOException {
    if (ordinal >= content.size()) {
      throw new ChunkUnavailableException(
          ChunkUnavailableException.Reason.NOT_HERE, "there is no chunk " + ordinal);
    }
    return content.get((int) ordinal).length;
  }

  @Override
  public int readChunk(long ordinal, byte[] into, int offset) throws IOException {
    reader.beforeReading(ordinal);
    byte[] chunk = content.get((int) ordinal);
    System.arraycopy(chunk, 0, into, offset, chunk.length);
    return chunk.length;
  }

  @Override
  public Admission admit(PeerId receiver, Runnable waiting) throws RefusedException {
    door.ask(receiver, waiting);
    events.add("admitted");
    return new Admission() {
      @Override
      public Instant expires() {
        return EXPIRES;
      }

      @Override
      public int take(int most) {
        limited.addAndGet(most);
        return most;
      }

      @Override
      public void sent(long bytes) {
        events.add("sent " + bytes);
      }

      @Override
      public void receipt(long bytes, long files, long millis, boolean complete) {
        events.add("receipt " + bytes + " " + files + " " + millis + " " + complete);
      }

      @Override
      public void close() {
        events.add("gone");
      }
    };
  }
}
