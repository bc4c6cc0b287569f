package dev.warren.node.store;

import dev.warren.libp2p.dht.record.ProviderRecord;
import dev.warren.libp2p.dht.record.RecordStore;
import dev.warren.libp2p.dht.record.Value;
import dev.warren.libp2p.dht.record.ValueRecord;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.Target;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What other peers of a network store here, on disk: a node that comes back has it still. One
 * process at a time may have a file.
 *
 * <p>Rows are in the order of their distance from the node's own key, so the farthest, which gives
 * way, is the last. How many there are of each peer is kept beside them by triggers, so that no
 * request has to count.
 *
 * <p>Where the disk does not do its part a record is refused or not found, as if the store were
 * full: others have it too.
 */
public final class DhtRecords implements RecordStore, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DhtRecords.class);

  private static final Database.Layout LAYOUT =
      new Database.Layout(
          true,
          List.of(
              List.of(
                  "CREATE TABLE owner (key BLOB NOT NULL)",
                  """
                  CREATE TABLE providers (
                    distance BLOB, peer BLOB, addresses BLOB NOT NULL, added INTEGER NOT NULL,
                    PRIMARY KEY (distance, peer)) WITHOUT ROWID""",
                  // Of each peer, and of all under the name that no peer has.
                  "CREATE TABLE counts (peer BLOB PRIMARY KEY, records INTEGER NOT NULL) WITHOUT ROWID",
                  "INSERT INTO counts VALUES (x'', 0)",
                  """
                  CREATE TRIGGER one_more AFTER INSERT ON providers BEGIN
                    INSERT INTO counts VALUES (NEW.peer, 1)
                      ON CONFLICT (peer) DO UPDATE SET records = records + 1;
                    UPDATE counts SET records = records + 1 WHERE peer = x'';
                  END""",
                  """
                  CREATE TRIGGER one_less AFTER DELETE ON providers BEGIN
                    UPDATE counts SET records = records - 1 WHERE peer IN (OLD.peer, x'');
                    DELETE FROM counts WHERE peer = OLD.peer AND records = 0;
                  END""",
                  """
                  CREATE TABLE stored_values (
                    distance BLOB PRIMARY KEY, value BLOB NOT NULL, received INTEGER NOT NULL)""")));

  private final Database database;
  private final Key self;
  private final Limits limits;
  private final AtomicBoolean complained = new AtomicBoolean();

  private DhtRecords(Database database, Key self, Limits limits) {
    this.database = database;
    this.self = self;
    this.limits = limits;
  }

  /**
   * Opens a file, or makes it. A damaged one is made anew: others have what was in it.
   *
   * @param self the key of the node; what was stored for another is not this one's to keep
   */
  public static DhtRecords open(Path file, Key self, Limits limits) throws IOException {
    try {
      return openAsItIs(file, self, limits);
    } catch (StoreException e) {
      if (e.reason() != StoreException.Reason.DAMAGED) {
        throw e;
      }
      log.warn("the records of other peers are lost: {}", e.toString());
      Database.delete(file);
      return openAsItIs(file, self, limits);
    }
  }

  private static DhtRecords openAsItIs(Path file, Key self, Limits limits) throws StoreException {
    Database database = Database.open(file, LAYOUT);
    try {
      database.update(db -> belongTo(db, self));
      return new DhtRecords(database, self, limits);
    } catch (StoreException e) {
      database.close();
      throw e;
    }
  }

  private static void belongTo(Database db, Key self) throws SQLException {
    byte[] key = self.toBytes();
    if (db.number("SELECT count(*) FROM owner WHERE key = ?", key) == 0) {
      for (String table : List.of("owner", "providers", "stored_values")) {
        db.statement("DELETE FROM " + table).executeUpdate();
      }
      db.statement("INSERT INTO owner VALUES (?)", key).executeUpdate();
    }
  }

  @Override
  public boolean addProvider(Target key, ProviderRecord record) {
    byte[] distance = distance(key);
    byte[] peer = record.peer().toBytes();
    return orElse(false, () -> database.write(db -> add(db, distance, peer, record)));
  }

  private boolean add(Database db, byte[] distance, byte[] peer, ProviderRecord record)
      throws SQLException {
    boolean isNew = !has(db, distance, peer);
    if (isNew && records(db, peer) >= limits.providersPerPeer()) {
      return false;
    }
    db.statement(
            "INSERT INTO providers VALUES (?, ?, ?, ?) ON CONFLICT (distance, peer)"
                + " DO UPDATE SET addresses = excluded.addresses, added = excluded.added",
            distance,
            peer,
            pack(record.addresses()),
            record.added().toEpochMilli())
        .executeUpdate();
    if (!isNew) {
      return true;
    }
    if (db.number("SELECT count(*) FROM providers WHERE distance = ?", distance)
        > limits.providersPerKey()) {
      db.statement(
              "DELETE FROM providers WHERE distance = ?1 AND peer = (SELECT peer FROM providers"
                  + " WHERE distance = ?1 AND peer <> ?2 ORDER BY added LIMIT 1)",
              distance,
              peer)
          .executeUpdate();
    }
    if (records(db, new byte[0]) > limits.providers()) {
      db.statement(
              "DELETE FROM providers WHERE (distance, peer) = (SELECT distance, peer"
                  + " FROM providers ORDER BY distance DESC, added LIMIT 1)")
          .executeUpdate();
    }
    return has(db, distance, peer);
  }

  private static boolean has(Database db, byte[] distance, byte[] peer) throws SQLException {
    return db.number(
            "SELECT count(*) FROM providers WHERE distance = ? AND peer = ?", distance, peer)
        > 0;
  }

  private static long records(Database db, byte[] peer) throws SQLException {
    return db.number("SELECT records FROM counts WHERE peer = ?", peer);
  }

  @Override
  public List<ProviderRecord> providers(Target key, int max) {
    byte[] distance = distance(key);
    return orElse(List.of(), () -> database.read(db -> read(db, distance, max)));
  }

  private static List<ProviderRecord> read(Database db, byte[] distance, int max)
      throws SQLException {
    List<ProviderRecord> providers = new ArrayList<>();
    // At random: whoever asks several nodes gets to know more of them.
    try (ResultSet rows =
        db.statement(
                "SELECT peer, addresses, added FROM providers WHERE distance = ?"
                    + " ORDER BY random() LIMIT ?",
                distance,
                max)
            .executeQuery()) {
      while (rows.next()) {
        PeerId peer = PeerId.fromBytes(rows.getBytes(1));
        List<Multiaddr> addresses = unpack(rows.getBytes(2));
        providers.add(new ProviderRecord(peer, addresses, Instant.ofEpochMilli(rows.getLong(3))));
      }
    }
    return providers;
  }

  @Override
  public boolean putValue(Target key, ValueRecord record) {
    byte[] distance = distance(key);
    return orElse(false, () -> database.write(db -> put(db, distance, record)));
  }

  private boolean put(Database db, byte[] distance, ValueRecord record) throws SQLException {
    db.statement(
            "INSERT INTO stored_values VALUES (?, ?, ?) ON CONFLICT (distance)"
                + " DO UPDATE SET value = excluded.value, received = excluded.received",
            distance,
            record.value().toBytes(),
            record.received().toEpochMilli())
        .executeUpdate();
    if (db.number("SELECT count(*) FROM stored_values") > limits.values()) {
      db.statement(
              "DELETE FROM stored_values WHERE distance = (SELECT max(distance) FROM stored_values)")
          .executeUpdate();
    }
    return db.number("SELECT count(*) FROM stored_values WHERE distance = ?", distance) > 0;
  }

  @Override
  public Optional<ValueRecord> value(Target key) {
    byte[] distance = distance(key);
    return orElse(Optional.empty(), () -> database.read(db -> readValue(db, distance)));
  }

  private static Optional<ValueRecord> readValue(Database db, byte[] distance) throws SQLException {
    try (ResultSet row =
        db.statement("SELECT value, received FROM stored_values WHERE distance = ?", distance)
            .executeQuery()) {
      return row.next()
          ? Optional.of(
              new ValueRecord(Value.of(row.getBytes(1)), Instant.ofEpochMilli(row.getLong(2))))
          : Optional.empty();
    }
  }

  @Override
  public void deleteExpired(Instant now) {
    long providers = now.minus(ProviderRecord.VALIDITY).toEpochMilli();
    long values = now.minus(ValueRecord.VALIDITY).toEpochMilli();
    orElse(
        false,
        () ->
            database.write(
                db -> {
                  db.statement("DELETE FROM providers WHERE added <= ?", providers).executeUpdate();
                  db.statement("DELETE FROM stored_values WHERE received <= ?", values)
                      .executeUpdate();
                  return true;
                }));
  }

  @Override
  public Size size() {
    return orElse(
        new Size(0, 0),
        () ->
            database.read(
                db ->
                    new Size(
                        Math.toIntExact(records(db, new byte[0])),
                        Math.toIntExact(db.number("SELECT count(*) FROM stored_values")))));
  }

  @Override
  public void close() {
    complained.set(true); // those who still ask find nothing, and that is no fault
    database.close();
  }

  /** Something to do with the disk. */
  @FunctionalInterface
  private interface Task<T> {
    T get() throws StoreException;
  }

  private <T> T orElse(T otherwise, Task<T> task) {
    try {
      return task.get();
    } catch (StoreException e) {
      if (!complained.getAndSet(true)) {
        log.warn("records of other peers cannot be kept or read; this is said once", e);
      }
      return otherwise;
    }
  }

  private byte[] distance(Target key) {
    byte[] distance = key.key().toBytes();
    byte[] own = self.toBytes();
    for (int i = 0; i < distance.length; i++) {
      distance[i] ^= own[i];
    }
    return distance;
  }

  private static byte[] pack(List<Multiaddr> addresses) {
    ByteBuffer packed =
        ByteBuffer.allocate(ProviderRecord.MAX_ADDRESS_BYTES + addresses.size() * Short.BYTES);
    for (Multiaddr address : addresses) {
      byte[] bytes = address.toBytes();
      packed.putShort((short) bytes.length).put(bytes);
    }
    return Arrays.copyOf(packed.array(), packed.position());
  }

  private static List<Multiaddr> unpack(byte[] packed) {
    List<Multiaddr> addresses = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(packed);
    while (bytes.hasRemaining()) {
      byte[] address = new byte[bytes.getShort()];
      bytes.get(address);
      addresses.add(Multiaddr.fromBytes(address));
    }
    return addresses;
  }
}
