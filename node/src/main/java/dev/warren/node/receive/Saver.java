package dev.warren.node.receive;

import dev.warren.libp2p.transport.TimeSource;
import dev.warren.node.store.ChunkBitmap;
import dev.warren.node.store.ChunkMark;
import dev.warren.node.store.FileStamp;
import dev.warren.node.store.PlacedChunk;
import dev.warren.node.store.ShareDatabase;
import dev.warren.protocols.transfer.content.Chunk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Saves what has been written, four times a second, and every ten seconds has it forced to the
 * disk. A process that is killed writes again what came after that, and finds files that have got
 * their name meanwhile to be the same. Safe for many threads.
 */
final class Saver {
  private static final Logger log = LoggerFactory.getLogger(Saver.class);

  private static final Duration INTERVAL = Duration.ofMillis(250);

  /** Every how many saves what was written is forced to the disk. */
  private static final int FORCE_EVERY = 40;

  /** When a partial file was last written to by us; later, it was somebody else. */
  private static final String LAST_WRITTEN = "partials written";

  private final ShareDatabase database;
  private final PartialFiles partials;
  private final LocalContent local;
  private final TimeSource time;

  private final ChunkBitmap written;
  private final ChunkBitmap durable;
  private final ChunkBitmap unwanted;

  /** Files that have their name, which is to be saved. */
  private final ConcurrentLinkedQueue<Named> named = new ConcurrentLinkedQueue<>();

  /** Held while saving; guards what follows. */
  private final ReentrantLock saving = new ReentrantLock();

  private int saves;
  private TimeSource.Scheduled next = () -> {};
  private boolean closed;

  Saver(ShareDatabase database, PartialFiles partials, LocalContent local, TimeSource time)
      throws IOException {
    this.database = database;
    this.partials = partials;
    this.local = local;
    this.time = time;
    written = database.bitmap(ChunkMark.WRITTEN);
    durable = database.bitmap(ChunkMark.DURABLE);
    unwanted = database.bitmap(ChunkMark.UNWANTED);
  }

  /**
   * A file that has its name.
   *
   * @param only the chunk that it consists of, if it is one
   */
  record Named(long entry, Path path, FileStamp stamp, Optional<Chunk> only) {}

  /** Chunks that are in all places that are known for them and due. */
  ChunkBitmap written() {
    return written;
  }

  /** Chunks all places of which, as far as they are known, are in entries that are skipped. */
  ChunkBitmap unwanted() {
    return unwanted;
  }

  void named(Named file) {
    named.add(file);
  }

  /** When an earlier process last wrote to a partial file, as far as it was saved. */
  long lastWrittenNanos() throws IOException {
    return database.meta(LAST_WRITTEN).map(Long::parseLong).orElse(Long.MIN_VALUE);
  }

  /** The machine was restarted: only what had been forced is sure to be there. */
  void forgetWhatWasNotForced() {
    var lost = written.copy();
    lost.andNot(durable.copy());
    lost.stream().forEach(written::remove);
  }

  /** Begins to save in turn. */
  void begin() {
    saving.lock();
    try {
      if (!closed) {
        next = time.after(INTERVAL, this::saveInTurn);
      }
    } finally {
      saving.unlock();
    }
  }

  private void saveInTurn() {
    saving.lock();
    try {
      if (closed) {
        return;
      }
      saves++;
      save(saves % FORCE_EVERY == 0);
    } catch (IOException e) {
      log.warn("what was received last cannot be saved", e);
    } finally {
      saving.unlock();
    }
    begin();
  }

  /** Saves all that has been written by now. */
  void save() throws IOException {
    save(false);
  }

  private void save(boolean force) throws IOException {
    saving.lock();
    try {
      // States first: a file that has its name is due no more, also if its chunks are said to be
      // missing.
      List<Named> files = takeNamed();
      if (!files.isEmpty()) {
        database.setState(
            EntryState.FINISHED.number(), files.stream().mapToLong(Named::entry).toArray());
      }
      long lastWritten = partials.lastWrittenNanos();
      if (lastWritten > lastWrittenNanos()) {
        database.putMeta(LAST_WRITTEN, Long.toString(lastWritten));
      }
      if (force) {
        var before = written.copy();
        partials.force();
        durable.addAll(before);
        database.save(durable);
      }
      database.save(written);
      database.save(unwanted);
      learn(files);
    } finally {
      saving.unlock();
    }
  }

  private List<Named> takeNamed() {
    List<Named> taken = new ArrayList<>();
    for (Named file = named.poll(); file != null; file = named.poll()) {
      taken.add(file);
    }
    return taken;
  }

  /** What was received is a source of chunks from now on, and shared again without being read. */
  private void learn(List<Named> files) throws IOException {
    try {
      for (Named file : files) {
        Iterator<Chunk> chunks =
            file.only.isPresent()
                ? List.of(file.only.get()).iterator()
                : PlacedChunk.chunks(new ContentIterator(database, file.entry));
        local.learn(file.path, file.stamp, chunks);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Saves for the last time. */
  void close() {
    saving.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      next.cancel();
      save(false); // forcing may take longer than we have
      save(true);
      local.flush();
    } catch (IOException e) {
      log.warn("what was received last is not saved, and will be received again", e);
    } finally {
      saving.unlock();
    }
  }
}
