package dev.warren.node.share;

import dev.warren.node.store.FileStamp;
import dev.warren.node.store.LocatedChunk;
import dev.warren.node.store.Place;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.StoredEntry;
import dev.warren.protocols.transfer.serve.ChunkUnavailableException;
import dev.warren.protocols.transfer.serve.ChunkUnavailableException.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads the chunks of a share out of its files, and notices when a file is not what was hashed.
 * Safe for many threads.
 *
 * <p>Chunks are asked for in order, mostly: so rows are read many at a time, and large files stay
 * open between chunks. A file of one chunk is opened, read and closed.
 */
final class ChunkSource implements AutoCloseable {
  private static final int WINDOW = 512;
  private static final int MAX_WINDOWS = 16;
  private static final int MAX_OPEN = 32;

  /** How many other places are tried when a chunk cannot be read from the first. */
  private static final int MAX_PLACES = 16;

  private static final Set<? extends java.nio.file.OpenOption> OPTIONS =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final ShareDatabase share;
  private final Sources sources;
  private final ReentrantLock lock = new ReentrantLock();

  /** Rows by the number of their window, those longest not used first. Guarded by the lock. */
  private final Map<Long, List<LocatedChunk>> windows = new LinkedHashMap<>(32, 0.75f, true);

  /** Files of many chunks by their entry, those longest not used first. Guarded by the lock. */
  private final Map<Long, OpenFile> open = new LinkedHashMap<>(64, 0.75f, true);

  /** Guarded by the lock. */
  private boolean closed;

  ChunkSource(ShareDatabase share, Sources sources) {
    this.share = share;
    this.sources = sources;
  }

  /** The length of a chunk. */
  int length(long ordinal) throws IOException {
    return locate(ordinal).length();
  }

  /** Reads a chunk; yields its length. */
  int read(long ordinal, byte[] into, int offset) throws IOException {
    LocatedChunk chunk = locate(ordinal);
    try {
      read(chunk.file(), chunk.offset(), into, offset, chunk.length());
    } catch (ChunkUnavailableException e) {
      readElsewhere(chunk, into, offset, e);
    }
    return chunk.length();
  }

  private LocatedChunk locate(long ordinal) throws IOException {
    if (ordinal < 0 || ordinal >= share.totals().chunks()) {
      throw new ChunkUnavailableException(Reason.NOT_HERE, "there is no chunk " + ordinal);
    }
    long window = ordinal / WINDOW;
    Optional<LocatedChunk> found = find(rows(window), ordinal);
    if (found.isEmpty()) {
      // The share has grown since, or the chunk's only file has gone.
      List<LocatedChunk> rows = share.located(window * WINDOW, WINDOW);
      lock.lock();
      try {
        windows.put(window, rows);
        if (windows.size() > MAX_WINDOWS) {
          windows.remove(windows.keySet().iterator().next());
        }
      } finally {
        lock.unlock();
      }
      found = find(rows, ordinal);
    }
    return found.orElseThrow(
        () -> new ChunkUnavailableException(Reason.CHANGED, "the file of this chunk has gone"));
  }

  private List<LocatedChunk> rows(long window) {
    lock.lock();
    try {
      return windows.getOrDefault(window, List.of());
    } finally {
      lock.unlock();
    }
  }

  /**
   * Chunks whose files have gone are missing, so that the place in the list is the last possible.
   */
  private static Optional<LocatedChunk> find(List<LocatedChunk> rows, long ordinal) {
    for (int i = (int) Math.min(ordinal % WINDOW, rows.size() - 1L); i >= 0; i--) {
      if (rows.get(i).ordinal() <= ordinal) {
        return Optional.of(rows.get(i)).filter(row -> row.ordinal() == ordinal);
      }
    }
    return Optional.empty();
  }

  private void readElsewhere(
      LocatedChunk chunk, byte[] into, int offset, ChunkUnavailableException first)
      throws IOException {
    for (Place place :
        share.places(
            new Place(chunk.ordinal(), chunk.file().number(), chunk.offset()),
            chunk.ordinal() + 1,
            MAX_PLACES)) {
      try {
        read(share.entry(place.entry()), place.offset(), into, offset, chunk.length());
        return;
      } catch (ChunkUnavailableException e) {
        first.addSuppressed(e);
      }
    }
    throw first;
  }

  private void read(StoredEntry file, long position, byte[] into, int offset, int length)
      throws ChunkUnavailableException {
    Path path = sources.of(file);
    try {
      ByteBuffer content = ByteBuffer.wrap(into, offset, length);
      if (length == file.stamp().size()) {
        try (FileChannel channel = FileChannel.open(path, OPTIONS)) {
          fill(content, channel, position);
        }
      } else {
        OpenFile opened = borrow(file.number(), path);
        try {
          fill(content, opened.channel, position);
        } finally {
          release(opened);
        }
      }
      // After reading: what has changed before has changed now as well.
      if (!content.hasRemaining()
          && unchanged(file, FileStamp.of(path, LinkOption.NOFOLLOW_LINKS))) {
        return;
      }
    } catch (IOException e) {
      close(file.number());
      throw new ChunkUnavailableException(
          Reason.FAILED, path + " cannot be read: " + e.getMessage());
    }
    close(file.number());
    throw new ChunkUnavailableException(Reason.CHANGED, path + " has changed since it was hashed");
  }

  private boolean unchanged(StoredEntry file, FileStamp now) throws IOException {
    if (file.stamp().matches(now)) {
      return true;
    }
    if (file.content() != StoredEntry.Content.BEGUN) {
      return false;
    }
    // It was still being hashed when its row was read, and differs from what was listed.
    StoredEntry current = share.entry(file.number());
    return current.content() == StoredEntry.Content.BEGUN || current.stamp().matches(now);
  }

  private static void fill(ByteBuffer content, FileChannel channel, long position)
      throws IOException {
    long begin = position - content.position();
    int read = 0;
    while (content.hasRemaining() && read >= 0) {
      read = channel.read(content, begin + content.position());
    }
  }

  // --- open files

  /** A channel that is closed when it is neither borrowed nor kept. */
  private static final class OpenFile {
    private final FileChannel channel;

    /** Who needs it. Guarded by the lock of the source. */
    private int users = 1;

    OpenFile(FileChannel channel) {
      this.channel = channel;
    }
  }

  private OpenFile borrow(long entry, Path path) throws IOException {
    lock.lock();
    try {
      OpenFile kept = open.get(entry);
      if (kept != null) {
        kept.users++;
        return kept;
      }
    } finally {
      lock.unlock();
    }
    OpenFile opened = new OpenFile(FileChannel.open(path, OPTIONS));
    Optional<OpenFile> out = Optional.empty();
    lock.lock();
    try {
      // Another thread may have opened it meanwhile; then this one is for this time only.
      if (!closed && open.putIfAbsent(entry, opened) == null) {
        opened.users++;
        if (open.size() > MAX_OPEN) {
          out = Optional.of(open.remove(open.keySet().iterator().next()));
        }
      }
    } finally {
      lock.unlock();
    }
    if (out.isPresent()) {
      release(out.get());
    }
    return opened;
  }

  private void release(OpenFile file) throws IOException {
    boolean last;
    lock.lock();
    try {
      last = --file.users == 0;
    } finally {
      lock.unlock();
    }
    if (last) {
      file.channel.close();
    }
  }

  private void close(long entry) {
    Optional<OpenFile> kept;
    lock.lock();
    try {
      kept = Optional.ofNullable(open.remove(entry));
    } finally {
      lock.unlock();
    }
    kept.ifPresent(this::releaseQuietly);
  }

  private void releaseQuietly(OpenFile file) {
    try {
      release(file);
    } catch (IOException e) {
      // Nothing was written to it.
    }
  }

  @Override
  public void close() {
    List<OpenFile> files;
    lock.lock();
    try {
      closed = true;
      files = List.copyOf(open.values());
      open.clear();
    } finally {
      lock.unlock();
    }
    files.forEach(this::releaseQuietly);
  }
}
