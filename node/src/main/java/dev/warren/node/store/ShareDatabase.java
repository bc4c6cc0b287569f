package dev.warren.node.store;

import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkHash;
import dev.warren.protocols.transfer.content.Subscription;
import dev.warren.protocols.transfer.manifest.FilePart;
import dev.warren.protocols.transfer.manifest.Segment;
import dev.warren.protocols.transfer.manifest.SegmentLog;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongUnaryOperator;

/**
 * All that is known of one share: its manifest, as it came and taken apart, and what is here of it.
 * The same for those who share and those who receive. One process at a time has it open, until it
 * is {@linkplain #share shared}.
 *
 * <p>Nothing of an entry or a chunk stays in memory but bits. Lists are read by ranges, and numbers
 * count from 0 without gaps.
 */
public final class ShareDatabase implements SegmentLog, AutoCloseable {
  private static final Database.Layout LAYOUT =
      new Database.Layout(
          true,
          List.of(
              List.of(
                  "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
                  """
                  CREATE TABLE segments (
                    idx INTEGER PRIMARY KEY, body BLOB NOT NULL, signature BLOB NOT NULL)""",
                  """
                  CREATE TABLE entries (
                    idx INTEGER PRIMARY KEY, path TEXT NOT NULL, kind INTEGER NOT NULL, size INTEGER NOT NULL,
                    modified INTEGER NOT NULL, executable INTEGER NOT NULL, target TEXT,
                    content INTEGER NOT NULL, state INTEGER NOT NULL, local TEXT, file_key INTEGER NOT NULL)""",
                  "CREATE TABLE chunks (ordinal INTEGER PRIMARY KEY, hash BLOB NOT NULL, length INTEGER NOT NULL)",
                  """
                  CREATE TABLE places (
                    ordinal INTEGER, entry INTEGER, position INTEGER,
                    PRIMARY KEY (ordinal, entry, position)) WITHOUT ROWID""",
                  "CREATE INDEX places_of_entry ON places (entry, position)",
                  """
                  CREATE TABLE totals (
                    id INTEGER PRIMARY KEY, segments, listed, complete, entries, files, bytes, chunks,
                    ended_files, ended_bytes)""",
                  """
                  CREATE TABLE bitmaps (
                    mark TEXT, page INTEGER, bits BLOB NOT NULL, PRIMARY KEY (mark, page)) WITHOUT ROWID""")));

  private final Database database;
  private final Growth growth = new Growth();

  /** Held while a segment is added, so that all learn of it in order. */
  private final ReentrantLock adding = new ReentrantLock();

  private volatile ManifestTotals totals = ManifestTotals.NONE;

  /** Made when it is first asked for: only those who share need it. Guarded by {@link #adding}. */
  private Optional<ChunkTable> table = Optional.empty();

  private ShareDatabase(Database database) {
    this.database = database;
  }

  /**
   * Opens the database of a share, or makes it. Its directory has to be there.
   *
   * @throws StoreException if it cannot be used; {@code IN_USE} if another process has it
   */
  public static ShareDatabase open(Path file) throws StoreException {
    return open(file, LAYOUT);
  }

  /** Opens the database of a share that is {@linkplain #share shared} or closed, to read it. */
  public static ShareDatabase openShared(Path file) throws StoreException {
    return open(file, new Database.Layout(false, LAYOUT.steps()));
  }

  private static ShareDatabase open(Path file, Database.Layout layout) throws StoreException {
    ShareDatabase share = new ShareDatabase(Database.open(file, layout));
    boolean opened = false;
    try {
      share.totals = share.database.read(SegmentTables::totals);
      opened = true;
      return share;
    } finally {
      if (!opened) {
        share.close();
      }
    }
  }

  /** Whether a process has it open, and has not let others read it. */
  public static boolean isInUse(Path file) {
    return Database.isExclusive(file);
  }

  /** Lets others read it while it is open here. */
  public void share() throws StoreException {
    database.share();
  }

  /** Removes the database of a share that nobody has open. */
  public static void delete(Path file) throws IOException {
    Database.delete(file);
  }

  /** The file that this is. */
  public Path file() {
    return database.file();
  }

  // --- meta

  /** What was put under a key. */
  public Optional<String> meta(String key) throws StoreException {
    return database.read(
        db -> {
          try (ResultSet rows =
              db.statement("SELECT value FROM meta WHERE key = ?", key).executeQuery()) {
            return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
          }
        });
  }

  /** Keeps a text under a key. */
  public void putMeta(String key, String value) throws StoreException {
    database.update(
        db -> {
          db.statement("INSERT OR REPLACE INTO meta VALUES (?, ?)", key, value).executeUpdate();
        });
  }

  // --- the manifest

  /** How far the manifest has come. */
  public ManifestTotals totals() {
    return totals;
  }

  @Override
  public long size() {
    return totals.segments();
  }

  @Override
  public boolean complete() {
    return totals.complete();
  }

  @Override
  public SignedSegment read(long index) throws IOException {
    return database.read(
        db -> {
          try (ResultSet rows =
              db.statement("SELECT body, signature FROM segments WHERE idx = ?", index)
                  .executeQuery()) {
            if (!rows.next()) {
              throw new IndexOutOfBoundsException("segment " + index + " of " + size());
            }
            return new SignedSegment(index, rows.getBytes(1), rows.getBytes(2));
          }
        });
  }

  @Override
  public Subscription onGrowth(Runnable action) {
    return growth.subscribe(action);
  }

  /** As the other, where nothing is known of files on this disk. */
  public void add(SignedSegment signed, Segment segment) throws StoreException {
    add(signed, segment, entry -> 0);
  }

  /**
   * Adds the next segment, and what it says, all or nothing. That it may follow those before has
   * been seen to, by a {@link dev.warren.protocols.transfer.manifest.ManifestReader} or builder.
   *
   * @param fileKeys yields {@link StoredEntry#fileKey} for each file that is listed or ends
   */
  public void add(SignedSegment signed, Segment segment, LongUnaryOperator fileKeys)
      throws StoreException {
    adding.lock();
    try {
      ManifestTotals before = totals;
      totals = database.write(db -> new SegmentTables(db, before, fileKeys).add(signed, segment));
      if (table.isPresent() && segment instanceof Segment.Content content) {
        extend(table.get(), content);
      }
    } finally {
      adding.unlock();
    }
    growth.happened();
  }

  /** Whether somebody waits for segments to come. */
  public boolean awaited() {
    return growth.awaited();
  }

  // --- entries

  /** Some entries, from a number on, in order; fewer at the end. */
  public List<StoredEntry> entries(long first, int count) throws StoreException {
    return database.read(
        db -> {
          List<StoredEntry> entries = new ArrayList<>(Math.min(count, 1024));
          try (ResultSet rows =
              db.statement(
                      "SELECT "
                          + EntryRows.COLUMNS
                          + " FROM entries e WHERE e.idx >= ? ORDER BY e.idx LIMIT ?",
                      first,
                      count)
                  .executeQuery()) {
            while (rows.next()) {
              entries.add(EntryRows.read(rows, 1));
            }
          }
          return entries;
        });
  }

  /** One entry, whose number is in the listing. */
  public StoredEntry entry(long number) throws StoreException {
    List<StoredEntry> found = entries(number, 1);
    if (found.isEmpty() || found.getFirst().number() != number) {
      throw new IndexOutOfBoundsException("entry " + number + " of " + totals.entries());
    }
    return found.getFirst();
  }

  /**
   * Some files of a state, of whose content something is known, from a number on, in order; those
   * with fewer bytes are left out.
   */
  public List<StoredEntry> begun(int state, long fromBytes, long first, int count)
      throws StoreException {
    return database.read(
        db -> {
          List<StoredEntry> entries = new ArrayList<>();
          try (ResultSet rows =
              db.statement(
                      "SELECT "
                          + EntryRows.COLUMNS
                          + " FROM entries e WHERE e.idx >= ? AND e.content IN (1, 2)"
                          + " AND e.state = ? AND e.size >= ? ORDER BY e.idx LIMIT ?",
                      first,
                      state,
                      fromBytes,
                      count)
                  .executeQuery()) {
            while (rows.next()) {
              entries.add(EntryRows.read(rows, 1));
            }
          }
          return entries;
        });
  }

  /** The files that have a state. */
  public FileSum files(int state) throws StoreException {
    String which = " FROM entries WHERE state = ? AND kind = 0";
    return database.read(
        db ->
            new FileSum(
                db.number("SELECT count(*)" + which, state),
                db.number("SELECT sum(size)" + which, state)));
  }

  /** Puts a state on some entries. */
  public void setState(int state, long... entries) throws StoreException {
    database.update(
        db -> {
          PreparedStatement update = db.statement("UPDATE entries SET state = ? WHERE idx = ?");
          for (long entry : entries) {
            update.setInt(1, state);
            update.setLong(2, entry);
            update.executeUpdate();
          }
        });
  }

  /** Keeps where entries are on this disk. */
  public void setLocal(List<Local> locals) throws StoreException {
    database.update(
        db -> {
          PreparedStatement update =
              db.statement("UPDATE entries SET local = ?, file_key = ? WHERE idx = ?");
          for (Local local : locals) {
            update.setString(1, local.path().orElse(null));
            update.setLong(2, local.fileKey());
            update.setLong(3, local.entry());
            update.executeUpdate();
          }
        });
  }

  /** Where an entry is on this disk; the parts are those of {@link StoredEntry}. */
  public record Local(long entry, Optional<String> path, long fileKey) {}

  // --- chunks

  /** Some chunks, from an ordinal on, in order; fewer at the end. */
  public List<Chunk> chunks(long first, int count) throws StoreException {
    return database.read(
        db -> {
          List<Chunk> chunks = new ArrayList<>(Math.min(count, 4096));
          try (ResultSet rows =
              db.statement(
                      "SELECT hash, length FROM chunks WHERE ordinal >= ? ORDER BY ordinal LIMIT ?",
                      first,
                      count)
                  .executeQuery()) {
            while (rows.next()) {
              chunks.add(new Chunk(ChunkHash.of(rows.getBytes(1)), rows.getInt(2)));
            }
          }
          return chunks;
        });
  }

  /** Some chunks, from an ordinal on, each with the first place where a file has it. */
  public List<LocatedChunk> located(long first, int count) throws StoreException {
    return database.read(
        db -> {
          List<LocatedChunk> chunks = new ArrayList<>(Math.min(count, 4096));
          try (ResultSet rows =
              db.statement(EntryRows.LOCATED, first, first + count).executeQuery()) {
            Optional<StoredEntry> file = Optional.empty();
            while (rows.next()) {
              // A large file has many chunks in a row: it is read once.
              if (file.isEmpty() || file.get().number() != rows.getLong(4)) {
                file = Optional.of(EntryRows.read(rows, 4));
              }
              chunks.add(
                  new LocatedChunk(rows.getLong(1), rows.getInt(2), file.get(), rows.getLong(3)));
            }
          }
          return chunks;
        });
  }

  /** Where chunks belong: those places after the given one whose ordinal is below an end. */
  public List<Place> places(Place after, long endOrdinal, int limit) throws StoreException {
    return database.read(
        db -> {
          List<Place> places = new ArrayList<>(Math.min(limit, 4096));
          try (ResultSet rows =
              db.statement(
                      "SELECT ordinal, entry, position FROM places"
                          + " WHERE (ordinal, entry, position) > (?, ?, ?) AND ordinal < ?"
                          + " ORDER BY ordinal, entry, position LIMIT ?",
                      after.ordinal(),
                      after.entry(),
                      after.offset(),
                      endOrdinal,
                      limit)
                  .executeQuery()) {
            while (rows.next()) {
              places.add(new Place(rows.getLong(1), rows.getLong(2), rows.getLong(3)));
            }
          }
          return places;
        });
  }

  /** What a file consists of, from an offset on, in order. */
  public List<PlacedChunk> content(long entry, long fromOffset, int limit) throws StoreException {
    return database.read(
        db -> {
          List<PlacedChunk> chunks = new ArrayList<>(Math.min(limit, 4096));
          try (ResultSet rows =
              db.statement(
                      "SELECT p.position, p.ordinal, c.hash, c.length"
                          + " FROM places p JOIN chunks c ON c.ordinal = p.ordinal"
                          + " WHERE p.entry = ? AND p.position >= ? ORDER BY p.position LIMIT ?",
                      entry,
                      fromOffset,
                      limit)
                  .executeQuery()) {
            while (rows.next()) {
              Chunk chunk = new Chunk(ChunkHash.of(rows.getBytes(3)), rows.getInt(4));
              chunks.add(new PlacedChunk(rows.getLong(1), rows.getLong(2), chunk));
            }
          }
          return chunks;
        });
  }

  /** The ordinal that content has in this share, if a segment has named it. */
  public OptionalLong ordinalOf(ChunkHash hash) throws StoreException {
    adding.lock();
    try {
      if (table.isEmpty()) {
        ChunkTable made = new ChunkTable();
        while (made.size() < totals.chunks()) {
          chunks(made.size(), 4096).forEach(chunk -> made.add(chunk.hash()));
        }
        table = Optional.of(made);
      }
      return table.get().find(hash, this::hashOf);
    } finally {
      adding.unlock();
    }
  }

  private static void extend(ChunkTable table, Segment.Content content) {
    for (FilePart part : content.parts()) {
      for (FilePart.Piece piece : part.pieces()) {
        if (piece instanceof FilePart.Fresh fresh) {
          table.add(fresh.chunk().hash());
        }
      }
    }
  }

  private ChunkHash hashOf(long ordinal) throws StoreException {
    return chunks(ordinal, 1).getFirst().hash();
  }

  // --- bitmaps

  /** A set of chunks, as it was last saved; empty at first. */
  public ChunkBitmap bitmap(ChunkMark mark) throws StoreException {
    BitSet bits = new BitSet();
    database.read(
        db -> {
          try (ResultSet rows =
              db.statement(
                      "SELECT page, bits FROM bitmaps WHERE mark = ? ORDER BY page", mark.name())
                  .executeQuery()) {
            while (rows.next()) {
              int first = Math.multiplyExact(rows.getInt(1), ChunkBitmap.PAGE_BITS);
              BitSet.valueOf(rows.getBytes(2)).stream().forEach(bit -> bits.set(first + bit));
            }
            return true;
          }
        });
    return new ChunkBitmap(mark, bits);
  }

  /** Saves what has changed in a set of chunks. */
  public void save(ChunkBitmap bitmap) throws StoreException {
    BitSet pages = bitmap.takeDirty();
    if (pages.isEmpty()) {
      return;
    }
    boolean saved = false;
    try {
      database.update(db -> save(db, bitmap, pages));
      saved = true;
    } finally {
      if (!saved) {
        bitmap.putBackDirty(pages);
      }
    }
  }

  private static void save(Database db, ChunkBitmap bitmap, BitSet pages) throws SQLException {
    PreparedStatement insert = db.statement("INSERT OR REPLACE INTO bitmaps VALUES (?, ?, ?)");
    for (int page = pages.nextSetBit(0); page >= 0; page = pages.nextSetBit(page + 1)) {
      insert.setString(1, bitmap.mark().name());
      insert.setInt(2, page);
      insert.setBytes(3, bitmap.page(page));
      insert.executeUpdate();
    }
  }

  @Override
  public void close() {
    database.close();
  }
}
