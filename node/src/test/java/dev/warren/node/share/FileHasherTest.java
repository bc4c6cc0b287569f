package dev.warren.node.share;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.node.store.CachedHashes;
import dev.warren.node.store.DataDirectory;
import dev.warren.node.store.NodeDatabase;
import dev.warren.protocols.transfer.content.Chunk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileHasherTest {
  /** More than one part. */
  private static final int LARGE = 80 << 20;

  private static final Instant OLD = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path directory;
  private Path file;
  private NodeDatabase node;
  private Instant now = OLD.plusSeconds(60);
  private FileHasher hasher;

  @BeforeEach
  void open() throws IOException {
    file = directory.resolve("file");
    InstantSource clock = () -> now;
    node = NodeDatabase.open(new DataDirectory(directory.resolve("data")).create(), clock, 0);
    hasher = new FileHasher(node.hashes(), clock);
  }

  @AfterEach
  void close() {
    node.close();
  }

  private void write(int bytes) throws IOException {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    Files.write(file, content);
    Files.setLastModifiedTime(file, FileTime.from(OLD));
  }

  private Map<Path, CachedHashes> cached() throws IOException {
    node.hashes().flush();
    return node.hashes().find(List.of(file));
  }

  private static boolean none(List<Chunk> chunks) {
    throw new AssertionError("a small file has one part");
  }

  private static String sentence(HashedPart part) {
    return ((HashedPart.Lost) part.end().orElseThrow()).sentence();
  }

  @Test
  void aLargeFileComesInParts() throws Exception {
    write(LARGE);
    List<Chunk> chunks = new ArrayList<>();
    HashedPart last = hasher.hash(file, chunks::addAll);
    assertThat(chunks).isNotEmpty();
    chunks.addAll(last.chunks());
    assertThat(chunks.stream().mapToLong(Chunk::length).sum()).isEqualTo(LARGE);
    assertThat(last.end()).containsInstanceOf(HashedPart.Whole.class);
    assertThat(cached().get(file).first()).isEqualTo(chunks);
  }

  @Test
  void aFileThatChangesAfterSomeOfItWasToldIsLost() throws Exception {
    write(LARGE);
    HashedPart last =
        hasher.hash(
            file,
            chunks -> {
              Files.write(file, new byte[] {1}, StandardOpenOption.APPEND);
              return true;
            });
    assertThat(sentence(last)).contains("changed while it was read");
    assertThat(cached().values()).noneMatch(hashes -> hashes.stamp().size() >= 0);
  }

  @Test
  void aFileThatShrinksWhileItIsReadIsLost() throws Exception {
    write(LARGE);
    HashedPart last =
        hasher.hash(
            file,
            chunks -> {
              Files.write(file, new byte[] {1}, StandardOpenOption.TRUNCATE_EXISTING);
              return true;
            });
    assertThat(sentence(last)).contains("changed while it was read");
  }

  @Test
  void hashingEndsWhenNobodyWantsItAnyMore() throws Exception {
    write(LARGE);
    assertThat(sentence(hasher.hash(file, chunks -> false))).contains("ended");
  }

  @Test
  void aFileThatIsNotThereIsLost() throws Exception {
    assertThat(sentence(hasher.hash(file, FileHasherTest::none))).contains("has gone");
  }

  @Test
  void aLinkInThePlaceOfAFileIsNotFollowed() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "secret");
    Files.createSymbolicLink(file, secret);
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> hasher.hash(file, FileHasherTest::none))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aFileThatMayNotBeReadIsLost() throws Exception {
    write(10);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    Assumptions.assumeFalse(Files.isReadable(file), "root may read all");
    assertThat(sentence(hasher.hash(file, FileHasherTest::none))).contains("may not read it");
  }

  @Test
  void aFileThatChangedJustNowIsNotRemembered() throws Exception {
    write(10);
    now = OLD.plusMillis(50);
    assertThat(hasher.hash(file, FileHasherTest::none).chunks()).hasSize(1);
    assertThat(cached()).isEmpty();
    now = OLD.plusMillis(200);
    hasher.hash(file, FileHasherTest::none);
    assertThat(cached()).containsOnlyKeys(file);
  }
}
