package dev.warren.node.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who fetched what and when. Lines are only ever added; the oldest leave when there are too many or
 * they are a year old. Safe for many threads.
 */
public final class AuditLog {
  /** How many lines are kept. */
  static final int MAX_LINES = 100_000;

  static final Duration KEPT = Duration.ofDays(365);

  /** How many lines may come before it is looked whether some have to leave. */
  private static final int LINES_BETWEEN_PRUNING = 1000;

  /** What happened. */
  public enum Event {
    /** A share was offered. */
    SHARED,
    /** A receiver was let in. */
    ADMITTED,
    /** A receiver, or one who guessed at a code, was turned away. */
    REFUSED,
    /** A receiver has gone; with what it got. */
    LEFT,
    /** A receiver has all that it wanted. */
    COMPLETED,
    /** Something was received here. */
    RECEIVED,
    /** A share was ended. */
    ENDED
  }

  /**
   * One line.
   *
   * @param share the id of the share
   * @param peer the other one, or nothing
   * @param detail a sentence, or nothing
   */
  public record Line(
      Instant at,
      Event event,
      String share,
      String peer,
      long bytes,
      long files,
      long millis,
      String detail) {

    /** A line about something that moved no content. */
    public static Line of(Instant at, Event event, String share, String peer, String detail) {
      return new Line(at, event, share, peer, 0, 0, 0, detail);
    }
  }

  /**
   * What to look for.
   *
   * @param since nothing before this
   * @param share its id, or the name of one that was shared or received
   */
  public record Query(Instant since, Optional<String> share, Optional<String> peer) {
    /** Everything. */
    public static final Query ALL = new Query(Instant.EPOCH, Optional.empty(), Optional.empty());
  }

  private final Database database;

  AuditLog(Database database) {
    this.database = database;
  }

  /** Adds a line. */
  public void add(Line line) throws StoreException {
    database.update(
        db -> {
          PreparedStatement insert =
              db.statement(
                  "INSERT INTO audit (at, event, share, peer, bytes, files, millis, detail)"
                      + " VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
          insert.setLong(1, line.at().toEpochMilli());
          insert.setString(2, line.event().name());
          insert.setString(3, line.share());
          insert.setString(4, line.peer());
          insert.setLong(5, line.bytes());
          insert.setLong(6, line.files());
          insert.setLong(7, line.millis());
          insert.setString(8, line.detail());
          insert.executeUpdate();
          long number = db.number("SELECT last_insert_rowid()");
          if (number % LINES_BETWEEN_PRUNING == 0) {
            db.statement(
                    "DELETE FROM audit WHERE id <= ? OR at < ?",
                    number - MAX_LINES,
                    line.at().minus(KEPT).toEpochMilli())
                .executeUpdate();
          }
        });
  }

  /** The last lines that fit, newest first. */
  public List<Line> find(Query query, int limit) throws StoreException {
    return database.read(
        db -> {
          List<Line> lines = new ArrayList<>();
          try (ResultSet rows =
              db.statement(
                      "SELECT at, event, share, peer, bytes, files, millis, detail FROM audit"
                          + " WHERE at >= ? AND (?2 = '' OR share = ?2 OR share IN"
                          + " (SELECT id FROM shares WHERE name = ?2"
                          + " UNION SELECT share FROM transfers WHERE name = ?2))"
                          + " AND (?3 = '' OR peer = ?3)"
                          + " ORDER BY id DESC LIMIT ?4",
                      query.since().toEpochMilli(),
                      query.share().orElse(""),
                      query.peer().orElse(""),
                      limit)
                  .executeQuery()) {
            while (rows.next()) {
              lines.add(
                  new Line(
                      Instant.ofEpochMilli(rows.getLong(1)),
                      Event.valueOf(rows.getString(2)),
                      rows.getString(3),
                      rows.getString(4),
                      rows.getLong(5),
                      rows.getLong(6),
                      rows.getLong(7),
                      rows.getString(8)));
            }
          }
          return lines;
        });
  }
}
