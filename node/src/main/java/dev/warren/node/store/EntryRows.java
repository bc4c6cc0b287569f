package dev.warren.node.store;

import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.names.EntryPath;
import dev.warren.protocols.transfer.names.HostileNameException;
import dev.warren.protocols.transfer.names.LinkTarget;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;

/** Entries as rows. */
final class EntryRows {
  /** What {@link #read} expects, of a table or alias {@code e}. */
  static final String COLUMNS =
      "e.idx, e.path, e.kind, e.size, e.modified, e.executable, e.target, e.content, e.state,"
          + " e.local, e.file_key";

  /**
   * Chunks, each with its first place. Asking twice for a minimum takes two steps into an index,
   * also for the chunk of zeros of a sparse file, which has places by the million.
   */
  static final String LOCATED =
      "SELECT c.ordinal, c.length,"
          + " (SELECT min(position) FROM places p WHERE p.ordinal = c.ordinal AND p.entry = e.idx), "
          + COLUMNS
          + " FROM chunks c CROSS JOIN entries e"
          + " WHERE c.ordinal >= ? AND c.ordinal < ?"
          + " AND e.idx = (SELECT min(entry) FROM places p WHERE p.ordinal = c.ordinal)"
          + " ORDER BY c.ordinal";

  private static final List<StoredEntry.Content> CONTENTS = List.of(StoredEntry.Content.values());

  private static final int FILE = 0;

  private static final int DIRECTORY = 1;
  private static final int LINK = 2;

  private EntryRows() {}

  /** Reads an entry whose number is in this column. */
  static StoredEntry read(ResultSet row, int column) throws SQLException {
    Entry entry;
    try {
      entry = entry(row, column);
    } catch (HostileNameException e) {
      throw new SQLException("a name was changed after it was written: " + e.getMessage(), e);
    }
    return new StoredEntry(
        row.getLong(column),
        entry,
        CONTENTS.get(row.getInt(column + 7)),
        row.getInt(column + 8),
        Optional.ofNullable(row.getString(column + 9)),
        row.getLong(column + 10));
  }

  private static Entry entry(ResultSet row, int column) throws SQLException, HostileNameException {
    EntryPath path = EntryPath.parse(row.getString(column + 1));
    return switch (row.getInt(column + 2)) {
      case FILE ->
          new Entry.File(
              path, row.getLong(column + 3), row.getLong(column + 4), row.getBoolean(column + 5));
      case DIRECTORY -> new Entry.Directory(path);
      default -> new Entry.Link(path, LinkTarget.parse(path, row.getString(column + 6)));
    };
  }

  static PreparedStatement insertion(Database db) throws SQLException {
    return db.statement("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, NULL, ?)");
  }

  static void insert(PreparedStatement insertion, long number, Entry entry, long fileKey)
      throws SQLException {
    insertion.setLong(8, fileKey);
    insertion.setLong(1, number);
    insertion.setString(2, entry.path().toString());
    switch (entry) {
      case Entry.File file -> {
        insertion.setInt(3, FILE);
        insertion.setLong(4, file.size());
        insertion.setLong(5, file.modifiedNanos());
        insertion.setInt(6, file.executable() ? 1 : 0);
        insertion.setNull(7, Types.VARCHAR);
      }
      case Entry.Directory _ -> other(insertion, DIRECTORY, Optional.empty());
      case Entry.Link link -> other(insertion, LINK, Optional.of(link.target().toString()));
    }
    insertion.executeUpdate();
  }

  private static void other(PreparedStatement insertion, int kind, Optional<String> target)
      throws SQLException {
    insertion.setInt(3, kind);
    insertion.setLong(4, 0);
    insertion.setLong(5, 0);
    insertion.setInt(6, 0);
    insertion.setString(7, target.orElse(null));
  }
}
