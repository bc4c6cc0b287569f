package dev.warren.node.store;

import dev.warren.node.store.StoredEntry.Content;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.manifest.FilePart;
import dev.warren.protocols.transfer.manifest.Segment;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.LongUnaryOperator;

/**
 * Takes one segment apart into the tables of a share. It keeps to the rules of a manifest: the one
 * who made or read it has seen to that.
 */
final class SegmentTables {
  private static final String TOTALS =
      "segments, listed, complete, entries, files, bytes, chunks, ended_files, ended_bytes";

  private final Database db;
  private final ManifestTotals before;
  private final LongUnaryOperator fileKeys;
  private final PreparedStatement insertChunk;
  private final PreparedStatement insertPlace;

  private long entries;
  private long files;
  private long bytes;
  private long chunks;
  private long endedFiles;
  private long endedBytes;

  /** The file that parts are of at the moment, and what they come to. */
  private long file = -1;

  private long offset;

  /** The known chunk whose length was asked for last: mostly the one of zeros. */
  private long lastKnown = -1;

  private int lastKnownLength;

  SegmentTables(Database db, ManifestTotals before, LongUnaryOperator fileKeys)
      throws SQLException {
    this.db = db;
    this.fileKeys = fileKeys;
    this.before = before;
    this.entries = before.entries();
    this.files = before.files();
    this.bytes = before.bytes();
    this.chunks = before.chunks();
    this.endedFiles = before.endedFiles();
    this.endedBytes = before.endedBytes();
    this.insertChunk = db.statement("INSERT INTO chunks VALUES (?, ?, ?)");
    this.insertPlace = db.statement("INSERT INTO places VALUES (?, ?, ?)");
  }

  /** What the tables of a share hold. */
  static ManifestTotals totals(Database db) throws SQLException {
    try (ResultSet row = db.statement("SELECT " + TOTALS + " FROM totals").executeQuery()) {
      return row.next()
          ? new ManifestTotals(
              row.getLong(1),
              row.getBoolean(2),
              row.getBoolean(3),
              row.getLong(4),
              row.getLong(5),
              row.getLong(6),
              row.getLong(7),
              row.getLong(8),
              row.getLong(9))
          : ManifestTotals.NONE;
    }
  }

  /** Adds the segment; yields what the tables hold then. */
  ManifestTotals add(SignedSegment signed, Segment segment) throws SQLException {
    if (signed.index() != before.segments()) {
      throw new IllegalArgumentException(
          "segment %d where %d is due".formatted(signed.index(), before.segments()));
    }
    boolean listed = before.listed();
    boolean complete = false;
    switch (segment) {
      case Segment.Listing listing -> {
        list(listing);
        listed = listing.last();
      }
      case Segment.Content content -> {
        for (FilePart part : content.parts()) {
          add(part);
        }
        complete = content.last();
      }
    }
    PreparedStatement insert = db.statement("INSERT INTO segments VALUES (?, ?, ?)");
    insert.setLong(1, signed.index());
    insert.setBytes(2, signed.body());
    insert.setBytes(3, signed.signature());
    insert.executeUpdate();
    db.statement(
            "INSERT OR REPLACE INTO totals (id, "
                + TOTALS
                + ") VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            signed.index() + 1,
            listed,
            complete,
            entries,
            files,
            bytes,
            chunks,
            endedFiles,
            endedBytes)
        .executeUpdate();
    return totals(db);
  }

  private void list(Segment.Listing listing) throws SQLException {
    PreparedStatement insertion = EntryRows.insertion(db);
    for (Entry entry : listing.entries()) {
      EntryRows.insert(insertion, entries, entry, fileKeys.applyAsLong(entries));
      entries++;
      if (entry instanceof Entry.File listed) {
        files++;
        bytes += listed.size();
      }
    }
  }

  private void add(FilePart part) throws SQLException {
    if (part.entry() != file) {
      // Only the first file of a segment can have begun in an earlier one.
      offset = file < 0 ? end(part.entry()) : 0;
      file = part.entry();
    }
    for (FilePart.Piece piece : part.pieces()) {
      add(piece);
    }
    if (part.end().isEmpty()) {
      db.statement(
              "UPDATE entries SET content = ? WHERE idx = ?", Content.BEGUN.number(), part.entry())
          .executeUpdate();
      return;
    }
    endedFiles++;
    switch (part.end().get()) {
      case FilePart.Complete complete -> {
        endedBytes += offset;
        end(Content.COMPLETE, offset, complete.modifiedNanos());
      }
      case FilePart.Gone _ -> {
        // Its chunks keep their ordinals, but belong nowhere.
        db.statement("DELETE FROM places WHERE entry = ?", file).executeUpdate();
        end(Content.GONE, 0, 0);
      }
    }
  }

  private void end(Content content, long size, long modified) throws SQLException {
    PreparedStatement update =
        db.statement(
            "UPDATE entries SET content = ?, size = ?, modified = ?, file_key = ? WHERE idx = ?");
    update.setInt(1, content.number());
    update.setLong(2, size);
    update.setLong(3, modified);
    update.setLong(4, fileKeys.applyAsLong(file));
    update.setLong(5, file);
    update.executeUpdate();
  }

  /** Where the parts of a file end that are there. */
  private long end(long entry) throws SQLException {
    return db.number(
        "SELECT p.position + c.length FROM places p JOIN chunks c ON c.ordinal = p.ordinal"
            + " WHERE p.entry = ? ORDER BY p.position DESC LIMIT 1",
        entry);
  }

  private void add(FilePart.Piece piece) throws SQLException {
    long ordinal;
    int length;
    switch (piece) {
      case FilePart.Fresh fresh -> {
        ordinal = chunks++;
        length = fresh.chunk().length();
        insertChunk.setLong(1, ordinal);
        insertChunk.setBytes(2, fresh.chunk().hash().toBytes());
        insertChunk.setInt(3, length);
        insertChunk.executeUpdate();
      }
      case FilePart.Known known -> {
        ordinal = known.ordinal();
        length = length(ordinal);
      }
    }
    insertPlace.setLong(1, ordinal);
    insertPlace.setLong(2, file);
    insertPlace.setLong(3, offset);
    insertPlace.executeUpdate();
    offset += length;
  }

  private int length(long ordinal) throws SQLException {
    if (ordinal != lastKnown) {
      lastKnown = ordinal;
      lastKnownLength =
          Math.toIntExact(db.number("SELECT length FROM chunks WHERE ordinal = ?", ordinal));
    }
    return lastKnownLength;
  }
}
