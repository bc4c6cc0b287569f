package dev.warren.node.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * One connection to one SQLite file, whose users take turns. Commits reach the disk with the next
 * checkpoint: a process that is killed loses nothing, a machine that loses its power perhaps the
 * last commits, never the order of them.
 */
final class Database implements AutoCloseable {
  /** Marks the files of Warren, so that another program's are not written to: "Wrrn". */
  private static final int APPLICATION_ID = 0x5772726e;

  private static final int CACHE_KIBIBYTES = 2000;
  private static final int BUSY_MILLIS = 10_000;

  /** Long enough for one who only looks {@link #isExclusive} to be gone again. */
  private static final int EXCLUSIVE_BUSY_MILLIS = 200;

  /**
   * How a file is laid out: the statements that lead from each version to the next, so that the
   * version is their number.
   *
   * @param exclusive whether one process at a time may have it
   */
  record Layout(boolean exclusive, List<List<String>> steps) {}

  /** Something to do with a database. */
  @FunctionalInterface
  interface Work<T> {
    T with(Database database) throws SQLException;
  }

  /** Something to do with a database that has no result. */
  @FunctionalInterface
  interface Action {
    void with(Database database) throws SQLException;
  }

  private final Path file;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock. */
  private final Connection connection;

  /** Guarded by the lock. */
  private final Map<String, PreparedStatement> statements = new HashMap<>();

  private Database(Path file, Connection connection) {
    this.file = file;
    this.connection = connection;
  }

  /** Opens a file, or makes it. The directory has to be there. */
  static Database open(Path file, Layout layout) throws StoreException {
    Database database = null;
    try {
      database = new Database(file, config(layout).createConnection("jdbc:sqlite:" + file));
      database.prepare(layout);
      return database;
    } catch (SQLException e) {
      if (database != null) {
        database.close();
      }
      throw translated(file, e);
    } catch (StoreException e) {
      database.close();
      throw e;
    }
  }

  private static SQLiteConfig config(Layout layout) {
    SQLiteConfig config = new SQLiteConfig();
    config.setBusyTimeout(layout.exclusive() ? EXCLUSIVE_BUSY_MILLIS : BUSY_MILLIS);
    if (layout.exclusive()) {
      config.setLockingMode(SQLiteConfig.LockingMode.EXCLUSIVE);
    }
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.NORMAL);
    config.setCacheSize(-CACHE_KIBIBYTES);
    config.setGetGeneratedKeys(false); // or each update would be followed by a query for them
    return config;
  }

  private void prepare(Layout layout) throws SQLException, StoreException {
    int known = layout.steps().size();
    // Looked at again inside the transaction: another process may be making it too.
    if (version() == known
        && number("PRAGMA application_id") == APPLICATION_ID
        && !layout.exclusive()) {
      return;
    }
    execute("BEGIN IMMEDIATE");
    int version = version();
    if (number("PRAGMA application_id") != APPLICATION_ID
        && number("SELECT count(*) FROM sqlite_master") != 0) {
      throw StoreException.damaged(file, "it is the database of another program");
    }
    if (version > known) {
      throw StoreException.newer(file, version, known);
    }
    for (List<String> step : layout.steps().subList(version, known)) {
      for (String statement : step) {
        execute(statement);
      }
    }
    execute("PRAGMA application_id = " + APPLICATION_ID);
    execute("PRAGMA user_version = " + known);
    execute("COMMIT");
  }

  /**
   * Lets other processes have it as well from now on. In exclusive mode, SQLite keeps the index of
   * the log in its own memory: the log has to be left for the others to be given one.
   */
  void share() throws StoreException {
    lock.lock();
    try {
      execute("PRAGMA journal_mode = DELETE");
      execute("PRAGMA locking_mode = NORMAL");
      execute("PRAGMA journal_mode = WAL");
      execute("PRAGMA busy_timeout = " + BUSY_MILLIS);
    } catch (SQLException e) {
      throw translated(file, e);
    } finally {
      lock.unlock();
    }
  }

  /** Whether somebody has it for themselves at the moment. */
  static boolean isExclusive(Path file) {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(0);
    try (Connection connection = config.createConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      statement.executeQuery("SELECT count(*) FROM sqlite_master").close();
      return false;
    } catch (SQLException e) {
      return translated(file, e).reason() == StoreException.Reason.IN_USE;
    }
  }

  private int version() throws SQLException {
    return Math.toIntExact(number("PRAGMA user_version"));
  }

  Path file() {
    return file;
  }

  /** Reads. */
  <T> T read(Work<T> work) throws StoreException {
    lock.lock();
    try {
      return work.with(this);
    } catch (SQLException e) {
      throw translated(file, e);
    } finally {
      lock.unlock();
    }
  }

  /** Writes, all or nothing. */
  <T> T write(Work<T> work) throws StoreException {
    lock.lock();
    try {
      statement("BEGIN IMMEDIATE").execute();
      boolean done = false;
      try {
        T result = work.with(this);
        statement("COMMIT").execute();
        done = true;
        return result;
      } finally {
        if (!done) {
          rollBack();
        }
      }
    } catch (SQLException e) {
      throw translated(file, e);
    } finally {
      lock.unlock();
    }
  }

  /** Writes, all or nothing. */
  void update(Action action) throws StoreException {
    write(
        database -> {
          action.with(database);
          return true;
        });
  }

  private void rollBack() {
    try {
      statement("ROLLBACK").execute();
    } catch (SQLException e) {
      // SQLite has rolled back by itself, as it does when the disk is full.
    }
  }

  /** A statement that is kept for the next time; only for {@link Work} while it is done. */
  PreparedStatement statement(String sql) throws SQLException {
    PreparedStatement statement = statements.get(sql);
    if (statement == null) {
      statement = connection.prepareStatement(sql);
      statements.put(sql, statement);
    }
    return statement;
  }

  /** A kept statement with these parameters. */
  PreparedStatement statement(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = statement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  /** The number that a query yields in its first row; 0 if there is none. */
  long number(String sql, Object... parameters) throws SQLException {
    try (ResultSet rows = statement(sql, parameters).executeQuery()) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Ends it; what has been written is on the disk then. */
  @Override
  public void close() {
    lock.lock();
    try {
      connection.close();
    } catch (SQLException e) {
      // All that was committed is in the log beside the file, from which the next to open takes it.
    } finally {
      lock.unlock();
    }
  }

  /** Removes a database that nobody has open. */
  static void delete(Path file) throws java.io.IOException {
    for (String suffix : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(file.resolveSibling(file.getFileName() + suffix));
    }
  }

  private static StoreException translated(Path file, SQLException e) {
    SQLiteErrorCode code =
        e instanceof SQLiteException sqlite
            ? sqlite.getResultCode()
            : SQLiteErrorCode.getErrorCode(e.getErrorCode());
    // Extended codes carry the plain one in their low byte.
    return switch (SQLiteErrorCode.getErrorCode(code.code & 0xff)) {
      case SQLITE_CORRUPT, SQLITE_NOTADB ->
          StoreException.damaged(file, e.getMessage().toLowerCase(Locale.ROOT));
      case SQLITE_BUSY, SQLITE_LOCKED ->
          new StoreException(
              StoreException.Reason.IN_USE, file + " is in use by another warren process", e);
      case SQLITE_FULL ->
          new StoreException(
              StoreException.Reason.FULL,
              "the disk is full that holds " + file + ": make room and start again",
              e);
      default ->
          new StoreException(
              StoreException.Reason.FAILED, "%s: %s".formatted(file, e.getMessage()), e);
    };
  }
}
