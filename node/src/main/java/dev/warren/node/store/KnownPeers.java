package dev.warren.node.store;

import dev.warren.libp2p.identity.PeerId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The peers that there was something to do with: what the user calls them, and which are blocked.
 * Those that have neither name nor block are forgotten when there are too many. Safe for many
 * threads.
 */
public final class KnownPeers {
  /** How many are kept that the user has said nothing of. */
  static final int MAX_UNNAMED = 10_000;

  private static final String COLUMNS = "SELECT peer, name, blocked, seen FROM peers";

  /**
   * A peer.
   *
   * @param name what the user calls it
   * @param blocked why it gets nothing
   */
  public record KnownPeer(
      PeerId peer, Optional<String> name, Optional<String> blocked, Instant seen) {}

  private final Database database;

  KnownPeers(Database database) {
    this.database = database;
  }

  /** There was something to do with a peer. */
  public void seen(PeerId peer, Instant at) throws StoreException {
    database.update(
        db -> {
          db.statement(
                  "INSERT INTO peers (peer, seen) VALUES (?, ?)"
                      + " ON CONFLICT (peer) DO UPDATE SET seen = max(seen, excluded.seen)",
                  peer.toString(),
                  at.toEpochMilli())
              .executeUpdate();
          db.statement(
                  "DELETE FROM peers WHERE name IS NULL AND blocked IS NULL AND seen <"
                      + " (SELECT seen FROM peers WHERE name IS NULL AND blocked IS NULL"
                      + " ORDER BY seen DESC LIMIT 1 OFFSET ?)",
                  MAX_UNNAMED)
              .executeUpdate();
        });
  }

  /** Calls a peer by a name, which no other has then. */
  public void name(PeerId peer, String name) throws StoreException {
    database.update(
        db -> {
          db.statement("UPDATE peers SET name = NULL WHERE name = ?", name).executeUpdate();
          set(db, peer, "name", name);
        });
  }

  /** Calls a peer nothing any more. */
  public void unname(PeerId peer) throws StoreException {
    database.update(
        db ->
            db.statement("UPDATE peers SET name = NULL WHERE peer = ?", peer.toString())
                .executeUpdate());
  }

  /** Gives a peer nothing any more. */
  public void block(PeerId peer, String why) throws StoreException {
    database.update(db -> set(db, peer, "blocked", why));
  }

  /** Ends a block. */
  public void unblock(PeerId peer) throws StoreException {
    database.update(
        db ->
            db.statement("UPDATE peers SET blocked = NULL WHERE peer = ?", peer.toString())
                .executeUpdate());
  }

  private static void set(Database db, PeerId peer, String column, String value)
      throws SQLException {
    db.statement(
            "INSERT INTO peers (peer, seen, %1$s) VALUES (?, 0, ?2) ON CONFLICT (peer) DO UPDATE SET %1$s = ?2"
                .formatted(column),
            peer.toString(),
            value)
        .executeUpdate();
  }

  /** Why a peer gets nothing, if it is blocked. */
  public Optional<String> blocked(PeerId peer) throws StoreException {
    return find(peer).flatMap(KnownPeer::blocked);
  }

  /** What is known of a peer. */
  public Optional<KnownPeer> find(PeerId peer) throws StoreException {
    return list(" WHERE peer = ?", peer.toString()).stream().findFirst();
  }

  /** The peer that the user calls so. */
  public Optional<KnownPeer> named(String name) throws StoreException {
    return list(" WHERE name = ?", name).stream().findFirst();
  }

  /** All that are blocked. */
  public List<KnownPeer> blocked() throws StoreException {
    return list(" WHERE blocked IS NOT NULL ORDER BY peer");
  }

  /** All of them, those last seen first. */
  public List<KnownPeer> all() throws StoreException {
    return list(" ORDER BY seen DESC, peer");
  }

  private List<KnownPeer> list(String which, Object... parameters) throws StoreException {
    return database.read(
        db -> {
          List<KnownPeer> peers = new ArrayList<>();
          try (ResultSet rows = db.statement(COLUMNS + which, parameters).executeQuery()) {
            while (rows.next()) {
              peers.add(
                  new KnownPeer(
                      PeerId.parse(rows.getString(1)),
                      Optional.ofNullable(rows.getString(2)),
                      Optional.ofNullable(rows.getString(3)),
                      Instant.ofEpochMilli(rows.getLong(4))));
            }
          }
          return peers;
        });
  }
}
