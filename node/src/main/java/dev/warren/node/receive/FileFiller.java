package dev.warren.node.receive;

import dev.warren.node.receive.ChunkWindows.Spot;
import dev.warren.node.receive.Destination.Given;
import dev.warren.node.store.ShareDatabase;
import dev.warren.node.store.StoredEntry;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.Chunker;
import dev.warren.protocols.transfer.manifest.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts chunks into the files where they belong, and gives files their names when they are whole.
 *
 * <p>A chunk is written when it is in all of its places that are known and due. So an empty place
 * is one whose chunk is not written, and files in progress count those; a chunk that turns out to
 * be lost is {@linkplain #forget forgotten} as a whole, and all its places are empty again.
 */
final class FileFiller {
  private final ShareDatabase database;
  private final Destination destination;
  private final PartialFiles partials;
  private final Saver saver;
  private final ChunkWindows windows;
  private final FilesInProgress inProgress = new FilesInProgress();
  private final LongAdder finishedFiles = new LongAdder();

  /** Of all places: a chunk that a file has many times counts as often. */
  private final LongAdder filledBytes = new LongAdder();

  /** Guards what follows. */
  private final ReentrantLock lock = new ReentrantLock();

  /** Entries that have got their name, which the database may not say yet. */
  private final BitSet finished = new BitSet();

  private volatile Optional<StoredEntry> current = Optional.empty();

  FileFiller(ShareDatabase database, Destination destination, PartialFiles partials, Saver saver) {
    this.database = database;
    this.destination = destination;
    this.partials = partials;
    this.saver = saver;
    windows = new ChunkWindows(database);
  }

  /** The bytes of a chunk. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Piece(byte[] array, int offset, int length, boolean isZeros) {}

  /** Writes a chunk to all of its places. */
  void fill(long ordinal, byte[] array, int offset, int length) throws IOException {
    Piece piece = new Piece(array, offset, length, Chunker.isZeros(array, offset, length));
    windows.forEach(ordinal, spot -> fill(spot, ordinal, piece));
  }

  private void fill(Spot spot, long ordinal, Piece piece) throws IOException {
    StoredEntry stored = spot.file();
    if (!isDue(stored)) {
      return;
    }
    current = Optional.of(stored);
    if (inProgress.contains(stored.number())) {
      write(stored, spot.offset(), piece);
      inProgress.fill(stored.number());
      filledBytes.add(piece.length);
      finishIfWhole(stored.number());
    } else if (stored.content() == StoredEntry.Content.COMPLETE && piece.length == sizeOf(stored)) {
      Given given =
          partials.writeWhole(
              stored.number(), goalOf(stored), piece.array, piece.offset, piece.length);
      filledBytes.add(piece.length);
      named(stored, given, windows.chunk(ordinal));
    }
  }

  private void write(StoredEntry stored, long position, Piece piece) throws IOException {
    if (piece.isZeros) {
      partials.reserve(stored.number(), sizeOf(stored));
    } else {
      partials.write(
          stored.number(), sizeOf(stored), position, piece.array, piece.offset, piece.length);
    }
  }

  /** Fills one place of a chunk, of which nobody has been told yet. */
  void fillAhead(StoredEntry stored, long position, byte[] bytes, int length) throws IOException {
    write(stored, position, new Piece(bytes, 0, length, Chunker.isZeros(bytes, 0, length)));
  }

  /** A chunk is not here though it was written: it is to come again, to all of its places. */
  void forget(long ordinal) throws IOException {
    if (saver.written().remove(ordinal)) {
      int length = windows.chunk(ordinal).map(Chunk::length).orElse(0);
      windows.forEach(
          ordinal,
          spot -> {
            if (inProgress.empty(spot.file().number())) {
              filledBytes.add(-length);
            }
          });
    }
  }

  /** Gives a file its name if all of it is there. */
  void finishIfWhole(long entry) throws IOException {
    if (inProgress.takeIfWhole(entry)) {
      StoredEntry stored = database.entry(entry);
      named(stored, partials.finish(entry, goalOf(stored)), Optional.empty());
    }
  }

  private void named(StoredEntry stored, Given given, Optional<Chunk> only) throws IOException {
    note(stored, given.name());
    finished(stored.number());
    saver.named(new Saver.Named(stored.number(), given.name(), given.stamp(), only));
  }

  /** Notes the name that an entry got. */
  void note(StoredEntry stored, Path name) throws IOException {
    if (!name.equals(destination.pathOf(stored))) {
      String other = destination.root().relativize(name).toString();
      database.setLocal(List.of(new ShareDatabase.Local(stored.number(), Optional.of(other), 0)));
      windows.clear();
    }
  }

  private void finished(long entry) {
    lock.lock();
    try {
      finished.set(Math.toIntExact(entry));
    } finally {
      lock.unlock();
    }
    finishedFiles.increment();
  }

  /** Files are here already, under the names that the share has for them. */
  void kept(List<StoredEntry> files) throws IOException {
    if (files.isEmpty()) {
      return;
    }
    List<ShareDatabase.Local> elsewhere =
        files.stream()
            .filter(stored -> stored.local().isPresent())
            .map(stored -> new ShareDatabase.Local(stored.number(), Optional.empty(), 0))
            .toList();
    if (!elsewhere.isEmpty()) {
      database.setLocal(elsewhere);
    }
    long[] entries = files.stream().mapToLong(StoredEntry::number).toArray();
    database.setState(EntryState.FINISHED.number(), entries);
    for (long entry : entries) {
      gone(entry);
      finished(entry);
    }
  }

  /** Nothing more is to come to a file. */
  void gone(long entry) throws IOException {
    inProgress.forget(entry);
    partials.discard(entry);
  }

  private boolean isDue(StoredEntry stored) {
    lock.lock();
    try {
      return EntryState.of(stored.state()).isDue()
          && !finished.get(Math.toIntExact(stored.number()));
    } finally {
      lock.unlock();
    }
  }

  private FileGoal goalOf(StoredEntry stored) {
    if (stored.entry() instanceof Entry.File file) {
      return new FileGoal(
          destination.root().relativize(destination.pathOf(stored)),
          file.size(),
          file.modifiedNanos(),
          file.executable(),
          EntryState.of(stored.state()) == EntryState.REPLACING);
    }
    throw new IllegalArgumentException("entry " + stored.number() + " is no file");
  }

  static long sizeOf(StoredEntry stored) {
    return stored.entry() instanceof Entry.File file ? file.size() : 0;
  }

  /**
   * Reads a chunk from wherever it has been written, and makes sure that it is the one: anybody may
   * have changed the file since.
   *
   * @return its length, or -1 if it is not here, or not any more
   */
  int read(long ordinal, byte[] into, int offset) throws IOException {
    Optional<Chunk> chunk = windows.chunk(ordinal);
    if (chunk.isEmpty() || !saver.written().contains(ordinal)) {
      return -1;
    }
    var reading = new Reading(chunk.get(), into, offset);
    windows.forEach(ordinal, reading::tryAt);
    return reading.done ? chunk.get().length() : -1;
  }

  private final class Reading {
    private final Chunk chunk;
    private final byte[] into;
    private final int offset;
    private boolean done;

    private Reading(Chunk chunk, byte[] into, int offset) {
      this.chunk = chunk;
      this.into = into;
      this.offset = offset;
    }

    private void tryAt(Spot spot) {
      done = done || (readFrom(spot) && Verification.matches(chunk, into, offset));
    }

    private boolean readFrom(Spot spot) {
      try {
        long entry = spot.file().number();
        return partials.read(entry, spot.offset(), into, offset, chunk.length())
            || Verification.readFrom(
                destination.pathOf(spot.file()), spot.offset(), into, offset, chunk.length());
      } catch (IOException e) {
        return false; // not there any more, or not for us
      }
    }
  }

  FilesInProgress inProgress() {
    return inProgress;
  }

  ChunkWindows windows() {
    return windows;
  }

  /** How many files have their name. */
  LongAdder finishedFiles() {
    return finishedFiles;
  }

  /** How many bytes are in the places where they belong. */
  LongAdder filledBytes() {
    return filledBytes;
  }

  /** The file that something was written to last; empty before that. */
  Optional<StoredEntry> current() {
    return current;
  }
}
