package dev.warren.node.store;

import dev.warren.protocols.transfer.content.Chunk;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What files consist of, so that those that have not changed need not be read again. A file is
 * known by its path, and has not changed while its {@link FileStamp} matches.
 *
 * <p>What is recorded waits in memory until it is worth a transaction, or {@link #flush} is called:
 * a process that dies before has to hash those files again. Safe for many threads.
 */
public final class HashCache {
  private static final Logger LOG = LoggerFactory.getLogger(HashCache.class);

  /** How many chunks a part has, but for the last: some 450 MiB of a file in 64 KiB. */
  static final int PART_CHUNKS = 1800;

  private static final int MAX_WAITING_FILES = 512;
  private static final int MAX_WAITING_CHUNKS = 4096;
  private static final int PATHS_IN_A_QUERY = 256;
  private static final Duration KEPT_UNUSED = Duration.ofDays(180);

  /** Says of a file that it is being recorded; no file has this size. */
  private static final long UNFINISHED = -1;

  private static final String FIND =
      "SELECT id, path, size, modified, file_key, parts, chunks, used FROM files WHERE path IN (?"
          + ", ?".repeat(PATHS_IN_A_QUERY - 1)
          + ")";

  private final Database database;
  private final KnownChunks known;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();

  /** Recorded and not yet written. Guarded by the lock. */
  private List<Recorded> waiting = new ArrayList<>();

  /** Guarded by the lock. */
  private int waitingChunks;

  private record Recorded(String path, FileStamp stamp, List<Chunk> chunks) {}

  HashCache(Database database, KnownChunks known, InstantSource clock) {
    this.database = database;
    this.known = known;
    this.clock = clock;
  }

  /**
   * What is known of some files, by path; whether their stamps still match is for the caller. What
   * is asked for is kept.
   */
  public Map<Path, CachedHashes> find(Collection<Path> files) throws StoreException {
    Map<String, Path> wanted = HashMap.newHashMap(files.size());
    files.forEach(file -> wanted.put(file.toString(), file));
    List<String> paths = List.copyOf(wanted.keySet());
    List<Long> longUnused = new ArrayList<>();
    long old = clock.millis() - KEPT_UNUSED.toMillis() / 4;
    Map<Path, CachedHashes> found = HashMap.newHashMap(files.size());
    for (int first = 0; first < paths.size(); first += PATHS_IN_A_QUERY) {
      List<String> some = paths.subList(first, Math.min(first + PATHS_IN_A_QUERY, paths.size()));
      database.read(
          db -> {
            PreparedStatement query = db.statement(FIND);
            for (int i = 0; i < PATHS_IN_A_QUERY; i++) {
              query.setString(i + 1, some.get(Math.min(i, some.size() - 1)));
            }
            try (ResultSet rows = query.executeQuery()) {
              while (rows.next()) {
                found.put(wanted.get(rows.getString(2)), read(rows));
                if (rows.getLong(8) < old) {
                  longUnused.add(rows.getLong(1));
                }
              }
            }
            return true;
          });
    }
    if (!longUnused.isEmpty()) {
      used(longUnused);
    }
    return Collections.unmodifiableMap(found);
  }

  /** What is known of one file; whether its stamp still matches is for the caller. */
  public Optional<CachedHashes> find(Path file) throws StoreException {
    return database.read(
        db -> {
          try (ResultSet row =
              db.statement(
                      "SELECT id, path, size, modified, file_key, parts, chunks FROM files"
                          + " WHERE path = ?",
                      file.toString())
                  .executeQuery()) {
            return row.next() ? Optional.of(read(row)) : Optional.empty();
          }
        });
  }

  private static CachedHashes read(ResultSet row) throws SQLException {
    return new CachedHashes(
        row.getLong(1),
        new FileStamp(row.getLong(3), row.getLong(4), row.getLong(5)),
        row.getInt(6),
        PackedChunks.unpack(row.getBytes(7)));
  }

  /** The chunks of a later part of a file; none if the file has been recorded anew since. */
  public List<Chunk> part(CachedHashes file, int part) throws StoreException {
    return database.read(
        db -> {
          try (ResultSet rows =
              db.statement(
                      "SELECT chunks FROM parts WHERE file = ? AND part = ?", file.file(), part)
                  .executeQuery()) {
            return rows.next() ? PackedChunks.unpack(rows.getBytes(1)) : List.of();
          }
        });
  }

  /** Begins to record what a file consists of. For one thread. */
  public Recording record(Path file) {
    return new Recording(file.toString());
  }

  /**
   * What a file consists of, while it is being found out. Where it cannot be written, the file is
   * hashed again the next time, and nothing else comes of it.
   */
  public final class Recording {
    private boolean broken;

    private final String path;
    private List<Chunk> chunks = new ArrayList<>(1);
    private long size;

    /** The number of the file and of its parts, once it has more than one. */
    private long file;

    private int parts;

    private Recording(String path) {
      this.path = path;
    }

    /** The next chunk. */
    public void add(Chunk chunk) {
      if (broken) {
        return;
      }
      try {
        if (chunks.size() == PART_CHUNKS) {
          writePart();
        }
        chunks.add(chunk);
        size += chunk.length();
      } catch (StoreException e) {
        fail(e);
      }
    }

    private void fail(StoreException e) {
      broken = true;
      LOG.warn("hashes cannot be kept for the next time", e);
    }

    private void writePart() throws StoreException {
      List<Chunk> part = chunks;
      long offset = size - part.stream().mapToLong(Chunk::length).sum();
      chunks = new ArrayList<>(PART_CHUNKS);
      file =
          database.write(
              db -> {
                if (parts == 0) {
                  return insert(db, path, new FileStamp(UNFINISHED, 0, 0), part);
                }
                db.statement(
                        "INSERT INTO parts VALUES (?, ?, ?)", file, parts, PackedChunks.pack(part))
                    .executeUpdate();
                return file;
              });
      known.add(file, offset, part);
      parts++;
    }

    /** That was all of it, and the file has had this stamp all the time. */
    public void complete(FileStamp stamp) {
      if (broken) {
        return;
      }
      try {
        end(stamp);
      } catch (StoreException e) {
        fail(e);
      }
    }

    private void end(FileStamp stamp) throws StoreException {
      if (parts == 0) {
        put(new Recorded(path, stamp, chunks));
        return;
      }
      writePart();
      database.update(
          db ->
              db.statement(
                      "UPDATE files SET size = ?, modified = ?, file_key = ?, parts = ? WHERE id = ?",
                      stamp.size(),
                      stamp.modifiedNanos(),
                      stamp.key(),
                      parts,
                      file)
                  .executeUpdate());
    }
  }

  private void put(Recorded file) throws StoreException {
    lock.lock();
    try {
      waiting.add(file);
      waitingChunks += file.chunks().size();
      if (waiting.size() < MAX_WAITING_FILES && waitingChunks < MAX_WAITING_CHUNKS) {
        return;
      }
    } finally {
      lock.unlock();
    }
    write();
  }

  /** Writes what waits to be written. */
  public void flush() throws StoreException {
    write();
    known.flush();
  }

  private void write() throws StoreException {
    List<Recorded> files;
    lock.lock();
    try {
      files = waiting;
      waiting = new ArrayList<>();
      waitingChunks = 0;
    } finally {
      lock.unlock();
    }
    if (files.isEmpty()) {
      return;
    }
    List<Long> numbers = new ArrayList<>(files.size());
    database.update(
        db -> {
          for (Recorded file : files) {
            numbers.add(insert(db, file.path(), file.stamp(), file.chunks()));
          }
        });
    for (int i = 0; i < files.size(); i++) {
      known.add(numbers.get(i), 0, files.get(i).chunks());
    }
  }

  private long insert(Database db, String path, FileStamp stamp, List<Chunk> chunks)
      throws SQLException {
    long old = db.number("SELECT id FROM files WHERE path = ? AND parts > 1", path);
    if (old != 0) {
      db.statement("DELETE FROM parts WHERE file = ?", old).executeUpdate();
    }
    PreparedStatement insert =
        db.statement(
            "INSERT OR REPLACE INTO files (path, size, modified, file_key, used, parts, chunks)"
                + " VALUES (?, ?, ?, ?, ?, 1, ?)");
    insert.setString(1, path);
    insert.setLong(2, stamp.size());
    insert.setLong(3, stamp.modifiedNanos());
    insert.setLong(4, stamp.key());
    insert.setLong(5, clock.millis());
    insert.setBytes(6, PackedChunks.pack(chunks));
    insert.executeUpdate();
    return db.number("SELECT last_insert_rowid()");
  }

  /** Notes that files were of use, so that they are kept. */
  private void used(List<Long> files) throws StoreException {
    database.update(
        db -> {
          for (long file : files) {
            db.statement("UPDATE files SET used = ? WHERE id = ?", clock.millis(), file)
                .executeUpdate();
          }
        });
  }

  /** Forgets files that have been of no use for half a year, and what they consist of. */
  public void prune() throws StoreException {
    long end = clock.millis() - KEPT_UNUSED.toMillis();
    database.update(
        db -> {
          if (db.statement("DELETE FROM files WHERE used < ?", end).executeUpdate() > 0) {
            db.statement("DELETE FROM parts WHERE file NOT IN (SELECT id FROM files)")
                .executeUpdate();
            db.statement("DELETE FROM known WHERE file NOT IN (SELECT id FROM files)")
                .executeUpdate();
          }
        });
  }
}
