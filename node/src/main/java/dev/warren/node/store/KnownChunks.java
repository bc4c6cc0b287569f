package dev.warren.node.store;

import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkHash;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where content is on this disk, by the first eight bytes of its hash; filled with what {@link
 * HashCache} records. It is a hint: the file may have changed, and hashes may begin alike, so
 * whoever reads a chunk there hashes it again. Safe for many threads.
 */
public final class KnownChunks {
  /** Hashes come in no order: the more rows are written together, the fewer pages each costs. */
  private static final int MAX_WAITING = 32 * 1024;

  private static final int ROWS_IN_A_TRANSACTION = 4096;
  private static final int HASHES_IN_A_QUERY = 256;

  private static final String FIND =
      "SELECT k.prefix, f.path, f.size, f.modified, f.file_key, k.position, k.length"
          + " FROM known k JOIN files f ON f.id = k.file WHERE k.prefix IN (?"
          + ", ?".repeat(HASHES_IN_A_QUERY - 1)
          + ")";

  private final Database database;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock. */
  private List<Row> waiting = new ArrayList<>();

  private record Row(long prefix, long file, long offset, int length) {}

  /**
   * Where a chunk was.
   *
   * @param stamp what the file had then
   */
  public record KnownPlace(Path file, FileStamp stamp, long offset, int length) {}

  KnownChunks(Database database) {
    this.database = database;
  }

  /** Where some chunks were found; those that are known nowhere are missing. */
  public Map<ChunkHash, KnownPlace> find(Collection<ChunkHash> hashes) throws StoreException {
    Map<Long, KnownPlace> places = HashMap.newHashMap(hashes.size());
    List<Long> prefixes = hashes.stream().map(ChunkHash::prefix).distinct().toList();
    for (int first = 0; first < prefixes.size(); first += HASHES_IN_A_QUERY) {
      List<Long> some =
          prefixes.subList(first, Math.min(first + HASHES_IN_A_QUERY, prefixes.size()));
      database.read(
          db -> {
            PreparedStatement query = db.statement(FIND);
            for (int i = 0; i < HASHES_IN_A_QUERY; i++) {
              query.setLong(i + 1, some.get(Math.min(i, some.size() - 1)));
            }
            try (ResultSet rows = query.executeQuery()) {
              while (rows.next()) {
                places.put(
                    rows.getLong(1),
                    new KnownPlace(
                        Path.of(rows.getString(2)),
                        new FileStamp(rows.getLong(3), rows.getLong(4), rows.getLong(5)),
                        rows.getLong(6),
                        rows.getInt(7)));
              }
            }
            return true;
          });
    }
    Map<ChunkHash, KnownPlace> found = HashMap.newHashMap(places.size());
    for (ChunkHash hash : hashes) {
      KnownPlace place = places.get(hash.prefix());
      if (place != null) {
        found.put(hash, place);
      }
    }
    return found;
  }

  /** These chunks follow each other in a file, from an offset on. */
  void add(long file, long offset, List<Chunk> chunks) throws StoreException {
    lock.lock();
    try {
      long position = offset;
      for (Chunk chunk : chunks) {
        // Zeros need no source.
        if (!chunk.hash().equals(Chunk.ZEROS.hash())) {
          waiting.add(new Row(chunk.hash().prefix(), file, position, chunk.length()));
        }
        position += chunk.length();
      }
      if (waiting.size() < MAX_WAITING) {
        return;
      }
    } finally {
      lock.unlock();
    }
    flush();
  }

  void flush() throws StoreException {
    List<Row> rows;
    lock.lock();
    try {
      rows = waiting;
      waiting = new ArrayList<>();
    } finally {
      lock.unlock();
    }
    rows.sort(Comparator.comparingLong(Row::prefix));
    for (int first = 0; first < rows.size(); first += ROWS_IN_A_TRANSACTION) {
      List<Row> some = rows.subList(first, Math.min(first + ROWS_IN_A_TRANSACTION, rows.size()));
      database.update(
          db -> {
            PreparedStatement insert =
                db.statement("INSERT OR REPLACE INTO known VALUES (?, ?, ?, ?)");
            for (Row row : some) {
              insert.setLong(1, row.prefix());
              insert.setLong(2, row.file());
              insert.setLong(3, row.offset());
              insert.setInt(4, row.length());
              insert.executeUpdate();
            }
          });
    }
  }
}
