package dev.warren.node.share;

import dev.warren.node.store.FileStamp;
import dev.warren.node.store.HashCache;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Reads files and says what they consist of. A file has to be the same before and after; one that
 * changes meanwhile is read again, unless some of it has been told already. One for each thread
 * that hashes.
 */
final class FileHasher {
  private static final int ATTEMPTS = 3;

  /** So many chunks, some 16 MiB, are told of at a time. */
  private static final int PART_CHUNKS = 64;

  /** What has been found is told of no later than this. */
  private static final Duration PROMPT = Duration.ofMillis(100);

  /** A change within one tick of the file system's clock would not show in the time of the file. */
  private static final Duration TICK = Duration.ofMillis(100);

  private static final Set<? extends java.nio.file.OpenOption> OPTIONS =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private static final ReadableByteChannel NOTHING =
      Channels.newChannel(java.io.InputStream.nullInputStream());

  /** Is told what a file consists of. */
  @FunctionalInterface
  interface Listener {
    /** Takes a part that is not the last. */
    boolean part(List<Chunk> chunks) throws IOException;
  }

  private final ChunkReader reader = new ChunkReader(NOTHING);
  private final HashCache cache;
  private final InstantSource clock;

  FileHasher(HashCache cache, InstantSource clock) {
    this.cache = cache;
    this.clock = clock;
  }

  /**
   * Hashes a file.
   *
   * @param listener is told of early parts, and says whether to go on
   * @return the last part
   */
  HashedPart hash(Path file, Listener listener) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Optional<HashedPart> last;
      try {
        last = attempt(file, listener);
      } catch (NoSuchFileException e) {
        return HashedPart.lost(file + " has gone and is left out");
      } catch (AccessDeniedException e) {
        return HashedPart.lost(file + " is left out, since you may not read it");
      }
      if (last.isPresent()) {
        return last.get();
      }
    }
    return HashedPart.lost(file + " is left out, since it changed each time that it was read");
  }

  /** The last part, or nothing if the file changed and may be read again. */
  private Optional<HashedPart> attempt(Path file, Listener listener) throws IOException {
    FileStamp before = FileStamp.of(file, LinkOption.NOFOLLOW_LINKS);
    long begin = clock.millis();
    HashCache.Recording recording = cache.record(file);
    List<Chunk> chunks = new ArrayList<>(1);
    boolean told = false;
    long position = 0;
    try (FileChannel channel = FileChannel.open(file, OPTIONS)) {
      reader.open(new Bounded(channel, before.size()));
      long lastTold = System.nanoTime();
      while (reader.next()) {
        Chunk chunk = reader.chunk();
        chunks.add(chunk);
        recording.add(chunk);
        position += chunk.length();
        if (chunks.size() >= PART_CHUNKS || System.nanoTime() - lastTold > PROMPT.toNanos()) {
          if (!listener.part(chunks)) {
            return Optional.of(HashedPart.lost("hashing was ended"));
          }
          told = true;
          chunks = new ArrayList<>();
          lastTold = System.nanoTime();
        }
      }
    }
    FileStamp after = FileStamp.of(file, LinkOption.NOFOLLOW_LINKS);
    if (after.equals(before) && position == before.size()) {
      if (TimeUnit.NANOSECONDS.toMillis(after.modifiedNanos()) < begin - TICK.toMillis()) {
        recording.complete(after);
      }
      return Optional.of(HashedPart.whole(chunks, after));
    }
    return told
        ? Optional.of(HashedPart.lost(file + " is left out, since it changed while it was read"))
        : Optional.empty();
  }

  /** A file as long as it was: one that grows faster than it is read would have no end. */
  private static final class Bounded implements ReadableByteChannel {
    private final FileChannel channel;
    private long left;

    Bounded(FileChannel channel, long size) {
      this.channel = channel;
      this.left = size;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
      if (left == 0) {
        return -1;
      }
      int limit = into.limit();
      into.limit((int) Math.min(limit, into.position() + left));
      int read = channel.read(into);
      into.limit(limit);
      left -= Math.max(read, 0);
      return read;
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
