package dev.warren.node.receive;

import dev.warren.node.receive.Destination.Given;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The files of a share that are not whole yet, by the number of their entry. Zeros are not written:
 * a file is as long as it will be from the beginning, and what is not written of it is a hole. Safe
 * for many threads.
 *
 * <p>A file is made once. If somebody removes it, it is missed and not made again, since what has
 * been written would be holes then.
 */
final class PartialFiles implements Closeable {
  /** Files of at least so many bytes are on the disk before they get their name. */
  static final long FORCED_BYTES = 1 << 20;

  private static final int MAX_OPEN = 32;

  /** Stands for a size where a file is only to be read. */
  private static final long NOT_TO_BE_MADE = -1;

  /** Nothing of these leads through a link that somebody has put there. */
  private static final Set<OpenOption> OLD =
      Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

  private static final Set<OpenOption> NEW =
      Set.of(
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.SPARSE);

  private final Path directory;
  private final Destination destination;
  private final ReentrantLock lock = new ReentrantLock();

  // All that follow are guarded by the lock, as is all in them that changes.

  /** The most recently used last. */
  private final Map<Long, Open> open = new LinkedHashMap<>(16, 0.75f, true);

  /** Entries whose file has been made. */
  private final BitSet made = new BitSet();

  private long lastWrittenNanos = Long.MIN_VALUE;

  PartialFiles(Path directory, Destination destination) {
    this.directory = directory;
    this.destination = destination;
  }

  private static final class Open {
    private final FileChannel channel;

    /** The system lets one in at a time, and has the others burn a processor until it is over. */
    private final ReentrantLock writing = new ReentrantLock();

    private int users;

    /** Written to since it was forced. */
    private boolean dirty;

    /** Written to since it was last asked when. */
    private boolean touched;

    private boolean closing;

    private Open(FileChannel channel) {
      this.channel = channel;
    }
  }

  /** Makes the directory, of which a user may see what it is for. */
  void create() throws IOException {
    destination.makeDirectory(directory);
  }

  /**
   * Takes up a file that an earlier process has made.
   *
   * @return when it was last written to, in nanoseconds since 1970; nothing if there is none
   */
  Optional<Long> takeUp(long entry) throws IOException {
    Optional<BasicFileAttributes> there =
        Destination.look(path(entry)).filter(BasicFileAttributes::isRegularFile);
    if (there.isPresent()) {
      lock.lock();
      try {
        made.set(Math.toIntExact(entry));
      } finally {
        lock.unlock();
      }
    }
    return there.map(it -> it.lastModifiedTime().to(TimeUnit.NANOSECONDS));
  }

  /** Receives a file in one go, and gives it its name. */
  Given writeWhole(long entry, FileGoal goal, byte[] array, int offset, int length)
      throws IOException {
    Path partial = path(entry);
    try (FileChannel channel = make(partial)) {
      writeFully(channel, 0, array, offset, length);
      if (length >= FORCED_BYTES) {
        channel.force(false);
      }
    }
    return destination.give(partial, goal);
  }

  /** Makes a file that will have some size, unless it has been made before. */
  void reserve(long entry, long size) throws IOException {
    release(entry, acquire(entry, size), false);
  }

  /** Writes a part of a file that will have some size. */
  void write(long entry, long size, long position, byte[] array, int offset, int length)
      throws IOException {
    Open file = acquire(entry, size);
    try {
      file.writing.lock();
      try {
        writeFully(file.channel, position, array, offset, length);
      } finally {
        file.writing.unlock();
      }
    } finally {
      release(entry, file, true);
    }
  }

  /**
   * Reads a part of a file.
   *
   * @return whether there is such a part
   */
  boolean read(long entry, long position, byte[] into, int offset, int length) throws IOException {
    Open file;
    try {
      file = acquire(entry, NOT_TO_BE_MADE);
    } catch (NoSuchFileException e) {
      return false;
    }
    try {
      readFully(file.channel, position, into, offset, length);
      return true;
    } catch (EOFException e) {
      return false;
    } finally {
      release(entry, file, false);
    }
  }

  /** All of a file has been written: gives it its name. */
  Given finish(long entry, FileGoal goal) throws IOException {
    Open file = acquire(entry, goal.size());
    try {
      file.channel.truncate(goal.size());
      if (goal.size() >= FORCED_BYTES) {
        file.channel.force(false);
      }
    } finally {
      lock.lock();
      try {
        file.closing = true;
        made.clear(Math.toIntExact(entry));
      } finally {
        lock.unlock();
      }
      release(entry, file, false);
    }
    return destination.give(path(entry), goal);
  }

  /** Has all that was written on the disk. */
  void force() throws IOException {
    List<Map.Entry<Long, Open>> dirty = new ArrayList<>();
    lock.lock();
    try {
      for (Map.Entry<Long, Open> entry : open.entrySet()) {
        if (entry.getValue().dirty) {
          entry.getValue().users++;
          entry.getValue().dirty = false;
          dirty.add(Map.entry(entry.getKey(), entry.getValue()));
        }
      }
    } finally {
      lock.unlock();
    }
    IOException failure = null;
    for (Map.Entry<Long, Open> entry : dirty) {
      boolean forced = false;
      try {
        entry.getValue().channel.force(false);
        forced = true;
      } catch (IOException e) {
        failure = e;
      } finally {
        release(entry.getKey(), entry.getValue(), !forced);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * When one of them was last written to from here, in nanoseconds since 1970 by the clock of the
   * file system, which need not be that of this machine.
   */
  long lastWrittenNanos() throws IOException {
    lock.lock();
    try {
      for (Map.Entry<Long, Open> entry : open.entrySet()) {
        noteLastWritten(entry.getKey(), entry.getValue());
      }
      return lastWrittenNanos;
    } finally {
      lock.unlock();
    }
  }

  private void noteLastWritten(long entry, Open file) throws IOException {
    if (file.touched) {
      file.touched = false;
      Optional<BasicFileAttributes> there = Destination.look(path(entry));
      if (there.isPresent()) {
        long written = there.get().lastModifiedTime().to(TimeUnit.NANOSECONDS);
        lastWrittenNanos = Math.max(lastWrittenNanos, written);
      }
    }
  }

  /** Forgets what there is of a file. */
  void discard(long entry) throws IOException {
    lock.lock();
    try {
      made.clear(Math.toIntExact(entry));
      Open file = open.remove(entry);
      if (file != null) {
        file.channel.close();
      }
    } finally {
      lock.unlock();
    }
    Files.deleteIfExists(path(entry));
  }

  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      for (Open file : open.values()) {
        file.channel.close();
      }
      open.clear();
    } finally {
      lock.unlock();
    }
  }

  /** Removes the directory with all in it. */
  void delete() throws IOException {
    close();
    if (Destination.look(directory).filter(BasicFileAttributes::isDirectory).isEmpty()) {
      return; // not there, or not ours: a link would lead to somebody else's files
    }
    try (var files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException e) {
      // Somebody keeps things there.
    }
  }

  /** Where what is no file can be made, to be moved to its name. */
  Path empty(long entry) throws IOException {
    destination.checkDirectory(directory);
    Files.deleteIfExists(path(entry));
    return path(entry);
  }

  private Path path(long entry) {
    return directory.resolve(Long.toString(entry));
  }

  private Open acquire(long entry, long size) throws IOException {
    lock.lock();
    try {
      Open file = open.get(entry);
      if (file == null || file.closing) {
        closeUnused();
        file = new Open(open(entry, size));
        open.put(entry, file);
      }
      file.users++;
      return file;
    } finally {
      lock.unlock();
    }
  }

  private void release(long entry, Open file, boolean written) throws IOException {
    lock.lock();
    try {
      file.users--;
      file.dirty |= written;
      file.touched |= written;
      if (file.closing && file.users == 0) {
        file.channel.close();
        open.remove(entry, file);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Makes room for one more; those in use stay, which are as few as there are threads. */
  private void closeUnused() throws IOException {
    Iterator<Map.Entry<Long, Open>> oldest = open.entrySet().iterator();
    while (open.size() >= MAX_OPEN && oldest.hasNext()) {
      Map.Entry<Long, Open> next = oldest.next();
      Open file = next.getValue();
      if (file.users == 0) {
        noteLastWritten(next.getKey(), file);
        if (file.dirty) {
          file.channel.force(false); // nobody will do it later
        }
        file.channel.close();
        oldest.remove();
      }
    }
  }

  private FileChannel open(long entry, long size) throws IOException {
    Path file = path(entry);
    if (made.get(Math.toIntExact(entry))) {
      try {
        return FileChannel.open(file, OLD);
      } catch (NoSuchFileException e) {
        throw new IOException(
            "'%s' was removed while it was received: receive again, which goes on from what is here"
                .formatted(file),
            e);
      }
    }
    if (size == NOT_TO_BE_MADE) {
      throw new NoSuchFileException(file.toString());
    }
    FileChannel channel = make(file);
    boolean begun = false;
    try {
      if (size > 0) {
        writeFully(channel, size - 1, new byte[1], 0, 1);
      }
      begun = true;
    } finally {
      if (!begun) {
        channel.close();
      }
    }
    made.set(Math.toIntExact(entry));
    return channel;
  }

  /**
   * Makes a file anew. What an earlier process has left in its place goes, and is not written to:
   * it may be a file that has its name already, under which it would change.
   */
  private FileChannel make(Path file) throws IOException {
    destination.checkDirectory(directory);
    try {
      return FileChannel.open(file, NEW);
    } catch (FileAlreadyExistsException e) {
      Files.delete(file);
      return FileChannel.open(file, NEW);
    }
  }

  private static void writeFully(
      FileChannel channel, long position, byte[] array, int offset, int length) throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(array, offset, length);
    long at = position;
    while (rest.hasRemaining()) {
      at += channel.write(rest, at);
    }
  }

  static void readFully(FileChannel channel, long position, byte[] into, int offset, int length)
      throws IOException {
    ByteBuffer rest = ByteBuffer.wrap(into, offset, length);
    long at = position;
    while (rest.hasRemaining()) {
      int n = channel.read(rest, at);
      if (n < 0) {
        throw new EOFException("the file ends at " + at);
      }
      at += n;
    }
  }
}
