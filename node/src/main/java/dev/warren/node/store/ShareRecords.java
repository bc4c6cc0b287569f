package dev.warren.node.store;

import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The shares that this node has offered. One that is marked as being served while no process serves
 * it was killed, and can go on. Safe for many threads.
 */
public final class ShareRecords {
  /** How many that have ended are kept. */
  static final int MAX_ENDED = 1000;

  private static final String COLUMNS =
      "SELECT id, key, name, description, paths, exclude, created, expires, ended, files, bytes FROM shares";

  /**
   * A share.
   *
   * @param paths what was asked to be shared
   * @param exclude the patterns of what was not
   * @param expires when it ends by itself
   * @param ended when it ended; empty while it is served
   * @param files how many it has, as far as known when it was last noted
   */
  public record ShareRecord(
      ShareId id,
      ShareKey key,
      String name,
      String description,
      List<Path> paths,
      List<String> exclude,
      Instant created,
      Optional<Instant> expires,
      Optional<Instant> ended,
      long files,
      long bytes) {
    /** Copies the lists. */
    public ShareRecord {
      paths = List.copyOf(paths);
      exclude = List.copyOf(exclude);
    }

    /** The same, called and ended otherwise. */
    public ShareRecord goingOn(String newName, String newDescription, Optional<Instant> until) {
      return new ShareRecord(
          id, key, newName, newDescription, paths, exclude, created, until, ended, files, bytes);
    }
  }

  private final Database database;

  ShareRecords(Database database) {
    this.database = database;
  }

  /** A share is being served from now on. */
  public void add(ShareRecord share) throws StoreException {
    database.update(
        db ->
            db.statement(
                    "INSERT INTO shares VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)",
                    share.id().text(),
                    share.key().toBytes(),
                    share.name(),
                    share.description(),
                    joined(share.paths()),
                    joined(share.exclude()),
                    share.created().toEpochMilli(),
                    share.expires().map(Instant::toEpochMilli).orElse(0L),
                    share.files(),
                    share.bytes())
                .executeUpdate());
  }

  /** A share goes on, under the name and for the time that it is to have now. */
  public void goOn(ShareRecord share) throws StoreException {
    database.update(
        db ->
            db.statement(
                    "UPDATE shares SET name = ?, description = ?, expires = ? WHERE id = ?",
                    share.name(),
                    share.description(),
                    share.expires().map(Instant::toEpochMilli).orElse(0L),
                    share.id().text())
                .executeUpdate());
  }

  /** Notes how much a share turned out to be. */
  public void update(ShareId id, long files, long bytes) throws StoreException {
    database.update(
        db ->
            db.statement(
                    "UPDATE shares SET files = ?, bytes = ? WHERE id = ?", files, bytes, id.text())
                .executeUpdate());
  }

  /** A share is not served any more. */
  public void end(ShareId id, Instant at) throws StoreException {
    database.update(
        db -> {
          db.statement("UPDATE shares SET ended = ? WHERE id = ?", at.toEpochMilli(), id.text())
              .executeUpdate();
          db.statement(
                  "DELETE FROM shares WHERE ended <="
                      + " (SELECT ended FROM shares WHERE ended IS NOT NULL"
                      + " ORDER BY ended DESC LIMIT 1 OFFSET ?)",
                  MAX_ENDED)
              .executeUpdate();
        });
  }

  /** The shares that are, or were when their process was killed, served for such a request. */
  public List<ShareRecord> serving(List<Path> paths, List<String> exclude) throws StoreException {
    return list(
        " WHERE ended IS NULL AND paths = ? AND exclude = ? ORDER BY created DESC",
        joined(paths),
        joined(exclude));
  }

  /** All shares, the newest first. */
  public List<ShareRecord> all() throws StoreException {
    return list(" ORDER BY created DESC");
  }

  private List<ShareRecord> list(String which, Object... parameters) throws StoreException {
    return database.read(
        db -> {
          List<ShareRecord> shares = new ArrayList<>();
          try (ResultSet rows = db.statement(COLUMNS + which, parameters).executeQuery()) {
            while (rows.next()) {
              shares.add(
                  new ShareRecord(
                      new ShareId(rows.getString(1)),
                      ShareKey.of(rows.getBytes(2)),
                      rows.getString(3),
                      rows.getString(4),
                      split(rows.getBytes(5)).map(Path::of).toList(),
                      split(rows.getBytes(6)).toList(),
                      Instant.ofEpochMilli(rows.getLong(7)),
                      instant(rows.getLong(8)),
                      instant(rows.getLong(9)),
                      rows.getLong(10),
                      rows.getLong(11)));
            }
          }
          return shares;
        });
  }

  /** 0 stands for none, as NULL is read. */
  private static Optional<Instant> instant(long millis) {
    return Optional.of(millis).filter(any -> any != 0).map(Instant::ofEpochMilli);
  }

  /** Texts, each ended by a character that no path has. */
  private static byte[] joined(List<?> texts) {
    return texts.stream()
        .map(text -> text + "\0")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static Stream<String> split(byte[] joined) {
    String text = new String(joined, StandardCharsets.UTF_8);
    return text.isEmpty() ? Stream.empty() : Arrays.stream(text.split("\0"));
  }
}
