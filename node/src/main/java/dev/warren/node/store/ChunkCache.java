package dev.warren.node.store;

import dev.warren.libp2p.identity.OwnerOnly;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Content that lies in no file of the user, as files named by their SHA-256. When they come to more
 * than the limit, those go that were not used for longest; what is pinned stays. Safe for many
 * threads and processes.
 */
public final class ChunkCache {
  private static final String DRAFT = ".draft";

  /** A draft that nobody has written to for so long is that of a process that was killed. */
  private static final Duration ABANDONED = Duration.ofDays(1);

  private final Database database;
  private final Path directory;
  private final InstantSource clock;
  private final long limitBytes;

  /**
   * A file of the cache.
   *
   * @param name the SHA-256 of its content in hexadecimal
   */
  public record CachedFile(String name, Path path, long size) {}

  /** What the cache holds. */
  public record Usage(long files, long bytes, long pinnedBytes) {}

  ChunkCache(Database database, Path directory, InstantSource clock, long limitBytes) {
    this.database = database;
    this.directory = directory;
    this.clock = clock;
    this.limitBytes = limitBytes;
  }

  /**
   * Stores all that a stream has, pinned by an owner from the beginning.
   *
   * @param owner what needs it: the id of a share
   */
  public CachedFile store(InputStream content, String owner) throws IOException {
    OwnerOnly.createDirectories(directory);
    deleteAbandoned();
    Path draft = Files.createTempFile(directory, DRAFT, ".tmp", OwnerOnly.file(directory));
    try {
      MessageDigest sha256 = sha256();
      long size;
      try (OutputStream out = Files.newOutputStream(draft)) {
        size = new DigestInputStream(content, sha256).transferTo(out);
      }
      String name = HexFormat.of().formatHex(sha256.digest());
      Path file = path(name);
      database.write(
          db -> {
            db.statement(
                    "INSERT OR REPLACE INTO cache VALUES (?, ?, ?)", name, size, clock.millis())
                .executeUpdate();
            return db.statement("INSERT OR REPLACE INTO pins VALUES (?, ?)", name, owner)
                .executeUpdate();
          });
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      evict();
      return new CachedFile(name, file, size);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private void deleteAbandoned() throws IOException {
    Instant before = clock.instant().minus(ABANDONED);
    try (DirectoryStream<Path> drafts = Files.newDirectoryStream(directory, DRAFT + "*")) {
      for (Path draft : drafts) {
        if (Files.getLastModifiedTime(draft).toInstant().isBefore(before)) {
          Files.deleteIfExists(draft);
        }
      }
    }
  }

  /** Finds a file, which counts as used, and pins it for an owner. */
  public Optional<CachedFile> pin(String name, String owner) throws IOException {
    boolean known =
        database.write(
            db -> {
              boolean found =
                  db.statement("UPDATE cache SET used = ? WHERE name = ?", clock.millis(), name)
                          .executeUpdate()
                      > 0;
              if (found) {
                db.statement("INSERT OR REPLACE INTO pins VALUES (?, ?)", name, owner)
                    .executeUpdate();
              }
              return found;
            });
    Path file = path(name);
    return known && Files.exists(file)
        ? Optional.of(new CachedFile(name, file, Files.size(file)))
        : Optional.empty();
  }

  /**
   * Takes room for a directory that somebody else fills, pinned by an owner. Without its pin it
   * goes in its turn like a file.
   *
   * @return whether there is room beside what is pinned
   */
  public boolean reserve(String name, long size, String owner) throws IOException {
    database.update(
        db -> {
          db.statement("INSERT OR REPLACE INTO cache VALUES (?, ?, ?)", name, size, clock.millis())
              .executeUpdate();
          db.statement("INSERT OR REPLACE INTO pins VALUES (?, ?)", name, owner).executeUpdate();
        });
    evict();
    boolean fits = usage().bytes() <= limitBytes;
    if (!fits) {
      unpin(owner);
    }
    return fits;
  }

  /** Removes something, whoever has pinned it. */
  public void remove(String name) throws IOException {
    database.update(
        db -> {
          db.statement("DELETE FROM pins WHERE name = ?", name).executeUpdate();
          db.statement("DELETE FROM cache WHERE name = ?", name).executeUpdate();
        });
    delete(path(name));
  }

  /** What an owner has pinned, it needs no more. */
  public void unpin(String owner) throws IOException {
    database.update(db -> db.statement("DELETE FROM pins WHERE owner = ?", owner).executeUpdate());
    evict();
  }

  /** What the cache holds. */
  public Usage usage() throws StoreException {
    String pinned = " WHERE name IN (SELECT name FROM pins)";
    return database.read(
        db ->
            new Usage(
                db.number("SELECT count(*) FROM cache"),
                db.number("SELECT sum(size) FROM cache"),
                db.number("SELECT sum(size) FROM cache" + pinned)));
  }

  /** Removes all that is not pinned. */
  public void clear() throws IOException {
    evictTo(0);
  }

  private void evict() throws IOException {
    evictTo(limitBytes);
  }

  private void evictTo(long limit) throws IOException {
    while (usage().bytes() > limit) {
      // The row goes first: a file without one is found by nobody, a row without a file would be.
      Optional<String> oldest =
          database.write(
              db -> {
                try (ResultSet rows =
                    db.statement(
                            "DELETE FROM cache WHERE name = (SELECT name FROM cache"
                                + " WHERE name NOT IN (SELECT name FROM pins)"
                                + " ORDER BY used LIMIT 1) RETURNING name")
                        .executeQuery()) {
                  return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
                }
              });
      if (oldest.isEmpty()) {
        return;
      }
      delete(path(oldest.get()));
    }
  }

  private static void delete(Path path) throws IOException {
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      try (DirectoryStream<Path> within = Files.newDirectoryStream(path)) {
        for (Path each : within) {
          delete(each);
        }
      }
    }
    Files.deleteIfExists(path);
  }

  private Path path(String name) {
    return directory.resolve(name);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has it", e);
    }
  }
}
