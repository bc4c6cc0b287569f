package dev.warren.node.store;

import java.time.InstantSource;
import java.util.List;

/**
 * What a node knows, {@code warren.db}: its shares and what it received, the hashes of files and
 * where content is, the peers that it dealt with, the audit log, and what is in its cache. Several
 * processes may have it open.
 */
public final class NodeDatabase implements AutoCloseable {
  /** How much the cache may hold when nothing else is said. */
  public static final long CACHE_LIMIT_BYTES = 10L << 30;

  private static final Database.Layout LAYOUT =
      new Database.Layout(
          false,
          List.of(
              List.of(
                  """
                  CREATE TABLE shares (
                    id TEXT PRIMARY KEY, key BLOB NOT NULL, name TEXT NOT NULL, description TEXT NOT NULL,
                    paths BLOB NOT NULL, exclude BLOB NOT NULL, created INTEGER NOT NULL,
                    expires INTEGER NOT NULL, ended INTEGER, files INTEGER NOT NULL,
                    bytes INTEGER NOT NULL) WITHOUT ROWID""",
                  """
                  CREATE TABLE transfers (
                    number INTEGER PRIMARY KEY AUTOINCREMENT, share TEXT NOT NULL, key BLOB NOT NULL,
                    sharer TEXT NOT NULL, name TEXT NOT NULL, directory TEXT NOT NULL, state TEXT NOT NULL,
                    begun INTEGER NOT NULL, files INTEGER NOT NULL, bytes INTEGER NOT NULL,
                    received INTEGER NOT NULL)""",
                  """
                  CREATE TABLE files (
                    id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, size INTEGER NOT NULL,
                    modified INTEGER NOT NULL, file_key INTEGER NOT NULL, used INTEGER NOT NULL,
                    parts INTEGER NOT NULL, chunks BLOB NOT NULL)""",
                  """
                  CREATE TABLE parts (
                    file INTEGER, part INTEGER, chunks BLOB NOT NULL, PRIMARY KEY (file, part))""",
                  """
                  CREATE TABLE known (
                    prefix INTEGER PRIMARY KEY, file INTEGER NOT NULL, position INTEGER NOT NULL,
                    length INTEGER NOT NULL)""",
                  """
                  CREATE TABLE peers (
                    peer TEXT PRIMARY KEY, name TEXT UNIQUE, blocked TEXT, seen INTEGER NOT NULL)
                    WITHOUT ROWID""",
                  """
                  CREATE TABLE audit (
                    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, event TEXT NOT NULL,
                    share TEXT NOT NULL, peer TEXT NOT NULL, bytes INTEGER NOT NULL, files INTEGER NOT NULL,
                    millis INTEGER NOT NULL, detail TEXT NOT NULL)""",
                  """
                  CREATE TABLE cache (
                    name TEXT PRIMARY KEY, size INTEGER NOT NULL, used INTEGER NOT NULL) WITHOUT ROWID""",
                  "CREATE TABLE pins (name TEXT, owner TEXT, PRIMARY KEY (name, owner)) WITHOUT ROWID"),
              List.of("ALTER TABLE transfers ADD COLUMN code TEXT NOT NULL DEFAULT ''")));

  private final Database database;
  private final ShareRecords shares;
  private final TransferRecords transfers;
  private final KnownChunks knownChunks;
  private final HashCache hashes;
  private final KnownPeers peers;
  private final AuditLog audit;
  private final ChunkCache cache;

  private NodeDatabase(
      Database database, DataDirectory directory, InstantSource clock, long cacheLimitBytes) {
    this.database = database;
    this.shares = new ShareRecords(database);
    this.transfers = new TransferRecords(database);
    this.knownChunks = new KnownChunks(database);
    this.hashes = new HashCache(database, knownChunks, clock);
    this.peers = new KnownPeers(database);
    this.audit = new AuditLog(database);
    this.cache = new ChunkCache(database, directory.cache(), clock, cacheLimitBytes);
  }

  /**
   * Opens the database of a data directory, or makes it. The directory has to be there.
   *
   * @throws StoreException if it cannot be used, with what to do about it
   */
  public static NodeDatabase open(
      DataDirectory directory, InstantSource clock, long cacheLimitBytes) throws StoreException {
    Database database = Database.open(directory.database(), LAYOUT);
    return new NodeDatabase(database, directory, clock, cacheLimitBytes);
  }

  /** The shares that were offered. */
  public ShareRecords shares() {
    return shares;
  }

  /** What was received. */
  public TransferRecords transfers() {
    return transfers;
  }

  /** What files consist of. */
  public HashCache hashes() {
    return hashes;
  }

  /** Where content is on this disk. */
  public KnownChunks knownChunks() {
    return knownChunks;
  }

  /** The peers that there was something to do with. */
  public KnownPeers peers() {
    return peers;
  }

  /** Who fetched what. */
  public AuditLog audit() {
    return audit;
  }

  /** Content that lies in no file of the user. */
  public ChunkCache cache() {
    return cache;
  }

  @Override
  public void close() {
    database.close();
  }
}
