package dev.warren.node.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  private static final List<String> FIRST = List.of("CREATE TABLE t (n INTEGER)");
  private static final List<String> SECOND = List.of("ALTER TABLE t ADD COLUMN text TEXT");
  private static final Database.Layout LAYOUT = new Database.Layout(false, List.of(FIRST));
  private static final Database.Layout NEXT = new Database.Layout(false, List.of(FIRST, SECOND));

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("some.db");
  }

  private static void insert(Database database, int number) throws StoreException {
    database.update(db -> db.statement("INSERT INTO t (n) VALUES (?)", number).executeUpdate());
  }

  private static long count(Database database) throws StoreException {
    return database.read(db -> db.number("SELECT count(*) FROM t"));
  }

  @Test
  void anOlderLayoutIsBroughtUpToDateAndKeepsWhatItHas() throws Exception {
    try (Database database = Database.open(file, LAYOUT)) {
      insert(database, 1);
    }
    try (Database database = Database.open(file, NEXT)) {
      assertThat(count(database)).isOne();
      database.update(db -> db.statement("UPDATE t SET text = 'x'").executeUpdate());
    }
  }

  @Test
  void aNewerDatabaseIsRefusedWithAWayOut() throws Exception {
    Database.open(file, NEXT).close();
    assertThatThrownBy(() -> Database.open(file, LAYOUT))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.NEWER))
        .hasMessage(
            file
                + " was made by a newer Warren (format 2, this one knows 1): update Warren, or use another data directory");
  }

  @Test
  void whatIsNoDatabaseIsRefusedWithAWayOut() throws Exception {
    Files.writeString(file, "this is no database, whatever its name says\n".repeat(200));
    assertThatThrownBy(() -> Database.open(file, LAYOUT))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.DAMAGED))
        .hasMessageContaining(file.toString())
        .hasMessageContaining("move it away");
  }

  @Test
  void aDamagedDatabaseIsToldFromOneThatIsInUse() throws Exception {
    try (Database database = Database.open(file, LAYOUT)) {
      for (int i = 0; i < 5000; i++) {
        insert(database, i);
      }
    }
    byte[] content = Files.readAllBytes(file);
    java.util.Arrays.fill(content, 4096, content.length, (byte) 0x55);
    Files.write(file, content, StandardOpenOption.TRUNCATE_EXISTING);
    assertThatThrownBy(
            () -> {
              try (Database database = Database.open(file, LAYOUT)) {
                count(database);
              }
            })
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.DAMAGED));
  }

  @Test
  void theDatabaseOfAnotherProgramIsNotWrittenTo() throws Exception {
    try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        var statement = connection.createStatement()) {
      statement.execute("CREATE TABLE theirs (x)");
    }
    assertThatThrownBy(() -> Database.open(file, LAYOUT)).hasMessageContaining("another program");
  }

  @Test
  void aWriteThatFailsLeavesNothingBehind() throws Exception {
    try (Database database = Database.open(file, LAYOUT)) {
      assertThatThrownBy(
              () ->
                  database.update(
                      db -> {
                        db.statement("INSERT INTO t VALUES (1)").executeUpdate();
                        throw new IllegalStateException("thrown by the work");
                      }))
          .hasMessage("thrown by the work");
      assertThat(count(database)).isZero();
      insert(database, 2);
      assertThat(count(database)).isOne();
    }
  }

  @Test
  void twoThatHaveItOpenWaitForEachOther() throws Exception {
    var begun = new CountDownLatch(1);
    try (Database one = Database.open(file, LAYOUT);
        Database other = Database.open(file, LAYOUT);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> writer =
          executor.submit(
              () -> {
                one.update(
                    db -> {
                      db.statement("INSERT INTO t VALUES (1)").executeUpdate();
                      begun.countDown();
                      db.number(
                          "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 300000)"
                              + " SELECT count(*) FROM c");
                    });
                return true;
              });
      begun.await();
      insert(other, 2);
      writer.get();
      assertThat(count(other)).isEqualTo(2);
    }
  }
}
