package dev.warren.node.receive;

import dev.warren.protocols.transfer.content.Chunker;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The files of a share that are not whole yet, by the number of their entry. Zeros are not written:
 * a file is as long as it will be from the beginning, and what is not written of it is a hole. Safe
 * for many threads.
 */
final class PartialFiles implements Closeable {
  /** Files of at least so many bytes are on the disk before they get their name. */
  static final long FORCED_BYTES = 1 << 20;

  private static final int MAX_OPEN = 32;

  private final Path directory;
  private final Destination destination;
  private final ReentrantLock lock = new ReentrantLock();

  /** The most recently used last. Guarded by the lock, as is all in them but the channel. */
  private final Map<Long, Open> open = new LinkedHashMap<>(16, 0.75f, true);

  PartialFiles(Path directory, Destination destination) {
    this.directory = directory;
    this.destination = destination;
  }

  private static final class Open {
    private final FileChannel channel;
    private int users;
    private boolean dirty;
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
   * Receives a file in one go.
   *
   * @return the name that it got
   */
  Path writeWhole(long entry, FileGoal goal, byte[] array, int offset, int length)
      throws IOException {
    Path partial = path(entry);
    try (FileChannel channel =
        FileChannel.open(
            partial,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeFully(channel, 0, array, offset, length);
      if (length >= FORCED_BYTES) {
        channel.force(false);
      }
    }
    return destination.give(partial, goal);
  }

  /** Writes a part of a file that will have some size. */
  void write(long entry, long size, long position, byte[] array, int offset, int length)
      throws IOException {
    Open file = acquire(entry, size);
    try {
      if (!Chunker.isZeros(array, offset, length)) {
        writeFully(file.channel, position, array, offset, length);
      }
    } finally {
      release(entry, file, true);
    }
  }

  /** Reads a part of a file that has been written. */
  void read(long entry, long size, long position, byte[] into, int offset, int length)
      throws IOException {
    Open file = acquire(entry, size);
    try {
      readFully(file.channel, position, into, offset, length);
    } finally {
      release(entry, file, false);
    }
  }

  /**
   * All of a file has been written.
   *
   * @return the name that it got
   */
  Path finish(long entry, FileGoal goal) throws IOException {
    Open file = acquire(entry, goal.size());
    try {
      file.channel.truncate(goal.size());
      if (goal.size() >= FORCED_BYTES) {
        file.channel.force(false);
      }
    } finally {
      file.closing = true;
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
      try {
        entry.getValue().channel.force(false);
      } catch (IOException e) {
        failure = e;
      } finally {
        release(entry.getKey(), entry.getValue(), failure != null);
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  /** Forgets what there is of a file. */
  void discard(long entry) throws IOException {
    lock.lock();
    try {
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
    try (var files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      return;
    }
    try {
      Files.deleteIfExists(directory);
    } catch (DirectoryNotEmptyException e) {
      // Somebody keeps things there.
    }
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
    Iterator<Open> oldest = open.values().iterator();
    while (open.size() >= MAX_OPEN && oldest.hasNext()) {
      Open file = oldest.next();
      if (file.users == 0) {
        if (file.dirty) {
          file.channel.force(false); // nobody will do it later
        }
        file.channel.close();
        oldest.remove();
      }
    }
  }

  private FileChannel open(long entry, long size) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path(entry).toFile(), "rw");
    boolean opened = false;
    try {
      if (file.length() < size) {
        file.setLength(size);
      }
      opened = true;
      return file.getChannel();
    } finally {
      if (!opened) {
        file.close();
      }
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
