package dev.warren.node.store;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What this node has received, or begun to. What is unfinished while no process has its {@link
 * ShareDatabase} was cut off, and can go on. Safe for many threads.
 */
public final class TransferRecords {
  private static final String COLUMNS =
      "SELECT number, share, key, sharer, name, directory, state, begun, files, bytes, received FROM transfers";

  /** How it stands. */
  public enum State {
    UNFINISHED,
    DONE
  }

  /**
   * A transfer.
   *
   * @param number names its database, {@link DataDirectory#transfer}
   * @param directory what it is put into
   * @param received how many bytes are here
   */
  public record TransferRecord(
      long number,
      ShareId share,
      ShareKey key,
      PeerId sharer,
      String name,
      Path directory,
      State state,
      Instant begun,
      long files,
      long bytes,
      long received) {}

  private final Database database;

  TransferRecords(Database database) {
    this.database = database;
  }

  /**
   * The transfer of a share into a directory: the one that was begun, or a new one.
   *
   * @param code what leads to the share, as it was given
   */
  public TransferRecord begin(
      ShareId share, ShareKey key, PeerId sharer, Path directory, String code, Instant now)
      throws StoreException {
    String same =
        " WHERE share = ? AND sharer = ? AND directory = ? AND state = 'UNFINISHED' ORDER BY number DESC";
    return database.write(
        db -> {
          Object[] which = {share.text(), sharer.toString(), directory.toString()};
          Optional<TransferRecord> begun = list(db, same, which).stream().findFirst();
          if (begun.isPresent()) {
            db.statement(
                    "UPDATE transfers SET code = ? WHERE number = ?", code, begun.get().number())
                .executeUpdate();
            return begun.get();
          }
          db.statement(
                  "INSERT INTO transfers (share, key, sharer, name, directory, code, state, begun, files, bytes, received)"
                      + " VALUES (?, ?, ?, '', ?, ?, 'UNFINISHED', ?, 0, 0, 0)",
                  share.text(),
                  key.toBytes(),
                  sharer.toString(),
                  directory.toString(),
                  code,
                  now.toEpochMilli())
              .executeUpdate();
          return list(db, same, which).getFirst();
        });
  }

  /** Notes how a transfer stands: its name, state, files, bytes and received bytes are taken. */
  public void update(TransferRecord transfer) throws StoreException {
    database.update(
        db ->
            db.statement(
                    "UPDATE transfers SET name = ?, state = ?, files = ?, bytes = ?, received = ? WHERE number = ?",
                    transfer.name(),
                    transfer.state().name(),
                    transfer.files(),
                    transfer.bytes(),
                    transfer.received(),
                    transfer.number())
                .executeUpdate());
  }

  /** Forgets a transfer; its database is for the caller to delete. */
  public void forget(long number) throws StoreException {
    database.update(
        db -> db.statement("DELETE FROM transfers WHERE number = ?", number).executeUpdate());
  }

  /** Those that were begun with a code and are unfinished, the newest first. */
  public List<TransferRecord> unfinished(String code) throws StoreException {
    return database.read(
        db -> list(db, " WHERE code = ? AND state = 'UNFINISHED' ORDER BY number DESC", code));
  }

  /** All of them, the newest first. */
  public List<TransferRecord> all() throws StoreException {
    return database.read(db -> list(db, " ORDER BY number DESC"));
  }

  private static List<TransferRecord> list(Database db, String which, Object... parameters)
      throws SQLException {
    List<TransferRecord> transfers = new ArrayList<>();
    try (ResultSet rows = db.statement(COLUMNS + which, parameters).executeQuery()) {
      while (rows.next()) {
        transfers.add(
            new TransferRecord(
                rows.getLong(1),
                new ShareId(rows.getString(2)),
                ShareKey.of(rows.getBytes(3)),
                PeerId.parse(rows.getString(4)),
                rows.getString(5),
                Path.of(rows.getString(6)),
                State.valueOf(rows.getString(7)),
                Instant.ofEpochMilli(rows.getLong(8)),
                rows.getLong(9),
                rows.getLong(10),
                rows.getLong(11)));
      }
    }
    return transfers;
  }
}
