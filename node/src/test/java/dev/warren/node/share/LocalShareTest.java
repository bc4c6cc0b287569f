package dev.warren.node.share;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.node.store.DataDirectory;
import dev.warren.node.store.ManifestTotals;
import dev.warren.node.store.NodeDatabase;
import dev.warren.node.store.PlacedChunk;
import dev.warren.node.store.StoredEntry;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.Subscription;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.manifest.Manifest;
import dev.warren.protocols.transfer.manifest.ManifestReader;
import dev.warren.protocols.transfer.serve.ChunkUnavailableException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class LocalShareTest {
  private static final int FILES = 10_000;
  private static final PrivateKey KEY = PrivateKey.generate(KeyType.ED25519);

  @TempDir Path directory;
  private final List<String> notes = Collections.synchronizedList(new ArrayList<>());
  private Path root;
  private DataDirectory data;
  private NodeDatabase node;
  private LocalShares shares;

  @BeforeEach
  void open() throws IOException {
    directory = directory.toRealPath();
    root = Files.createDirectories(directory.resolve("mods"));
    data = new DataDirectory(directory.resolve("data")).create();
    node = NodeDatabase.open(data, InstantSource.system(), NodeDatabase.CACHE_LIMIT_BYTES);
    shares = new LocalShares(data, node, KEY, InstantSource.system(), new SecureRandom());
  }

  @AfterEach
  void close() {
    shares.close();
    node.close();
  }

  /** A file that was changed for the last time a while ago, as most are. */
  private Path write(String name, byte[] content) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
    return file;
  }

  private static byte[] random(int seed, int bytes) {
    byte[] content = new byte[bytes];
    new Random(seed).nextBytes(content);
    return content;
  }

  private ShareRequest request(Path... paths) {
    return request("mods", paths);
  }

  private ShareRequest request(String name, Path... paths) {
    ShareRequest plain = ShareRequest.of(name, List.of(paths));
    return new ShareRequest(
        plain.content(),
        plain.name(),
        plain.description(),
        plain.rules(),
        plain.exclude(),
        plain.terms(),
        plain.fresh(),
        note -> notes.add(note.sentence()),
        plain.listener());
  }

  private static LocalShare hashed(LocalShare share) throws Exception {
    share.hashed().get();
    return share;
  }

  /** What a receiver would have when it has everything. */
  private static Map<String, String> received(LocalShare share) throws IOException {
    ManifestReader.of(share.segments());
    Map<String, String> files = new TreeMap<>();
    for (StoredEntry entry : share.database().entries(0, 100_000)) {
      if (entry.entry() instanceof Entry.File && entry.content() == StoredEntry.Content.COMPLETE) {
        var content = new ByteArrayOutputStream();
        for (PlacedChunk placed : share.database().content(entry.number(), 0, 100_000)) {
          byte[] chunk = new byte[Chunk.MAX_BYTES];
          int length = share.readChunk(placed.ordinal(), chunk, 0);
          assertThat(length)
              .isEqualTo(placed.chunk().length())
              .isEqualTo(share.chunkLength(placed.ordinal()));
          content.write(chunk, 0, length);
        }
        files.put(entry.entry().path().toString(), content.toString(StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  private static String text(byte[] content) {
    return new String(content, StandardCharsets.ISO_8859_1);
  }

  @Test
  void whatIsServedIsWhatIsInTheFiles() throws Exception {
    byte[] large = random(1, 5_000_000);
    write("large", large);
    write("small", random(2, 100));
    write("empty", new byte[0]);
    write("again/large", large);
    try (LocalShare share = hashed(shares.begin(request(root)))) {
      assertThat(received(share))
          .isEqualTo(
              Map.of(
                  "mods/large", text(large),
                  "mods/small", text(random(2, 100)),
                  "mods/empty", "",
                  "mods/again/large", text(large)));
      assertThat(share.totals())
          .extracting(ManifestTotals::complete, ManifestTotals::endedBytes)
          .containsExactly(true, 10_000_100L);
      // The second of the two has no chunk of its own.
      assertThat(share.database().chunks(0, 1000).stream().mapToLong(Chunk::length).sum())
          .isEqualTo(5_000_100);
    }
    assertThat(notes).isEmpty();
  }

  @Test
  void holesAreOneChunk() throws Exception {
    Path file = root.resolve("sparse");
    try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(100L << 20);
      sparse.seek(50L << 20);
      sparse.write(7);
    }
    try (LocalShare share = hashed(shares.begin(request(root)))) {
      assertThat(share.totals().chunks()).isLessThan(10);
      assertThat(share.database().chunks(0, 10)).contains(Chunk.ZEROS);
    }
  }

  @Test
  void contentThatLiesInNoFileIsSharedAsOne() throws Exception {
    byte[] content = random(3, 300_000);
    ShareRequest plain = request(root);
    LocalShare share =
        hashed(
            shares.begin(
                new ShareRequest(
                    new ShareRequest.Text("note.txt", new ByteArrayInputStream(content)),
                    "note",
                    "",
                    plain.rules(),
                    plain.exclude(),
                    plain.terms(),
                    false,
                    plain.notes(),
                    plain.listener())));
    assertThat(received(share)).isEqualTo(Map.of("note.txt", text(content)));
    assertThat(node.cache().usage().pinnedBytes()).isEqualTo(300_000);
    share.end();
    assertThat(node.cache().usage().pinnedBytes()).isZero();
  }

  @Test
  void aShareOfASingleFileHasItsName() throws Exception {
    try (LocalShare share = hashed(shares.begin(request(write("one.jar", random(4, 10)))))) {
      assertThat(received(share)).containsOnlyKeys("one.jar");
    }
  }

  @Test
  void aFileThatChangedSinceIsNotServed() throws Exception {
    Path small = write("small", random(5, 1000));
    Path large = write("large", random(6, 3_000_000));
    try (LocalShare share = hashed(shares.begin(request(root)))) {
      long last = share.totals().chunks() - 1;
      byte[] chunk = new byte[Chunk.MAX_BYTES];
      share.readChunk(0, chunk, 0);
      share.readChunk(last, chunk, 0);
      Files.write(small, random(7, 1000));
      Files.write(large, new byte[] {1}, StandardOpenOption.APPEND);
      for (long ordinal : new long[] {0, last}) {
        assertThatThrownBy(() -> share.readChunk(ordinal, chunk, 0))
            .isInstanceOfSatisfying(
                ChunkUnavailableException.class,
                e -> assertThat(e.reason()).isEqualTo(ChunkUnavailableException.Reason.CHANGED));
      }
      Files.delete(small);
      assertThatThrownBy(() -> share.readChunk(last, chunk, 0))
          .isInstanceOf(ChunkUnavailableException.class);
    }
  }

  @Test
  void aChunkIsReadFromAnotherFileWhereTheFirstHasChanged() throws Exception {
    byte[] content = random(8, 200_000);
    Path first = write("a", content);
    write("b", content);
    try (LocalShare share = hashed(shares.begin(request(root)))) {
      Files.delete(first);
      byte[] chunk = new byte[Chunk.MAX_BYTES];
      int length = share.readChunk(0, chunk, 0);
      assertThat(chunk).startsWith(java.util.Arrays.copyOf(content, length));
    }
  }

  @Test
  void chunksThatAreNotThereAreRefused() throws Exception {
    write("a", random(9, 10));
    try (LocalShare share = hashed(shares.begin(request(root)))) {
      for (long ordinal : new long[] {-1, 1, Long.MAX_VALUE}) {
        assertThatThrownBy(() -> share.readChunk(ordinal, new byte[Chunk.MAX_BYTES], 0))
            .isInstanceOfSatisfying(
                ChunkUnavailableException.class,
                e -> assertThat(e.reason()).isEqualTo(ChunkUnavailableException.Reason.NOT_HERE));
      }
    }
  }

  @Test
  void aSecondShareOfTheSameFilesReadsNoneOfThem() throws Exception {
    byte[] content = random(10, 2_000_000);
    Path file = write("large", content);
    for (int i = 0; i < 300; i++) {
      write("small/" + i, random(i, 100));
    }
    Map<String, String> first;
    try (LocalShare share = hashed(shares.begin(request(root)))) {
      first = received(share);
      share.end();
    }
    // Other content under the same stamp shows that the file is not looked into.
    FileTime time = Files.getLastModifiedTime(file);
    try (var channel = java.nio.channels.FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(java.nio.ByteBuffer.wrap(random(11, 2_000_000)));
    }
    Files.setLastModifiedTime(file, time);
    try (LocalShare share = hashed(shares.begin(request(root)))) {
      assertThat(received(share).keySet()).isEqualTo(first.keySet());
      assertThat(share.database().content(share.database().entries(0, 1).getFirst().number(), 0, 1))
          .isNotEmpty();
      long sum = share.database().chunks(0, 1000).stream().mapToLong(Chunk::length).sum();
      assertThat(sum).isEqualTo(2_000_000 + 300 * 100);
      share.end();
    }
  }

  @Test
  void whatWasHashedIsKnownToLieOnThisDisk() throws Exception {
    Path file = write("large", random(12, 1_000_000));
    try (LocalShare share = hashed(shares.begin(request(root)))) {
      var hashes = share.database().chunks(0, 100).stream().map(Chunk::hash).toList();
      assertThat(node.knownChunks().find(hashes)).hasSameSizeAs(hashes);
      assertThat(node.knownChunks().find(hashes).get(hashes.getFirst()).file()).isEqualTo(file);
    }
  }

  @Test
  void aShareThatWasCutOffGoesOnUnderTheSameNameAndKey() throws Exception {
    for (int i = 0; i < 20; i++) {
      write("file" + i, random(i, 100_000));
    }
    LocalShare first = shares.begin(request(root));
    first.database().putMeta("code", "4821-otter-violet-canoe");
    // Once it is listed, it can go on wherever it was cut off.
    var listed = new CountDownLatch(1);
    try (Subscription _ =
        first
            .segments()
            .onGrowth(
                () -> {
                  if (first.totals().listed()) {
                    listed.countDown();
                  }
                })) {
      if (!first.totals().listed()) {
        listed.await();
      }
    }
    first.close();
    try (LocalShare second = hashed(shares.begin(request("better mods", root)))) {
      assertThat(second.continued()).isTrue();
      assertThat(second.name()).isEqualTo("better mods");
      assertThat(node.shares().all().getFirst().name()).isEqualTo("better mods");
      assertThat(second.id()).isEqualTo(first.id());
      assertThat(second.key()).isEqualTo(first.key());
      assertThat(second.database().meta("code")).contains("4821-otter-violet-canoe");
      assertThat(received(second)).hasSize(20);
    }
  }

  @Test
  void aShareThatWasCutOffWhileItWasListedGoesOnUnderTheSameNameAndKey() throws Exception {
    int files = 1500;
    String longName = "x".repeat(200);
    for (int i = 0; i < files; i++) {
      write("%04d-%s".formatted(i, longName), new byte[] {1});
    }
    ShareRequest plain = request(root);
    SkipRules failing =
        (name, _) -> {
          if (name.startsWith("1450")) {
            throw new IllegalStateException("the process dies here");
          }
          return false;
        };
    LocalShare first =
        shares.begin(
            new ShareRequest(
                plain.content(),
                plain.name(),
                plain.description(),
                failing,
                plain.exclude(),
                plain.terms(),
                plain.fresh(),
                plain.notes(),
                plain.listener()));
    assertThatThrownBy(() -> first.hashed().get()).hasMessageContaining("dies here");
    assertThat(first.totals().listed()).isFalse();
    assertThat(first.totals().entries()).isPositive();
    first.close();
    try (LocalShare second = hashed(shares.begin(plain))) {
      assertThat(second.continued()).isTrue();
      assertThat(second.id()).isEqualTo(first.id());
      assertThat(received(second)).hasSize(files);
    }
  }

  @Test
  void aShareThatWasCutOffInTheMiddleOfAFileGoesOnThere() throws Exception {
    byte[] content = random(13, 64 << 20);
    write("large", content);
    LocalShare first = shares.begin(request(root));
    // Somebody waits, so that parts come out while the file is being hashed.
    var begun = new CountDownLatch(1);
    try (Subscription _ =
        first
            .segments()
            .onGrowth(
                () -> {
                  if (first.totals().chunks() > 0) {
                    begun.countDown();
                  }
                })) {
      begun.await();
    }
    first.close();
    try (LocalShare second = hashed(shares.begin(request(root)))) {
      assertThat(second.id()).isEqualTo(first.id());
      assertThat(received(second)).isEqualTo(Map.of("mods/large", text(content)));
    }
    assertThat(notes).isEmpty();
  }

  @Test
  void aShareThatEndedIsNotContinued() throws Exception {
    write("a", random(14, 10));
    LocalShare first = hashed(shares.begin(request(root)));
    first.end();
    try (LocalShare second = hashed(shares.begin(request(root)))) {
      assertThat(second.continued()).isFalse();
      assertThat(second.id()).isNotEqualTo(first.id());
    }
    assertThat(data.shares().resolve(first.id() + ".db")).doesNotExist();
  }

  @Test
  void aShareWhoseFilesChangedSinceItWasCutOffIsANewOne() throws Exception {
    write("a", random(15, 10));
    LocalShare first = hashed(shares.begin(request(root)));
    first.close();
    write("b", random(16, 10));
    try (LocalShare second = hashed(shares.begin(request(root)))) {
      assertThat(second.continued()).isFalse();
      assertThat(received(second)).hasSize(2);
    }
  }

  @Test
  void aShareThatIsServedAlreadyGetsASecond() throws Exception {
    write("a", random(17, 10));
    try (LocalShare first = hashed(shares.begin(request(root)));
        LocalShare second = hashed(shares.begin(request(root)))) {
      assertThat(second.id()).isNotEqualTo(first.id());
      assertThat(received(first)).isEqualTo(received(second));
    }
  }

  @Test
  void aFileThatVanishedAfterTheListingIsGone() throws Exception {
    Path gone = write("gone", random(18, 100));
    write("here", random(19, 100));
    LocalShare first = hashed(shares.begin(request(root)));
    first.end();
    Files.setLastModifiedTime(gone, FileTime.fromMillis(5));
    try (LocalShare share = hashed(shares.begin(requestThat("here", () -> Files.delete(gone))))) {
      assertThat(received(share)).containsOnlyKeys("mods/here");
      assertThat(share.database().entry(0).content()).isEqualTo(StoredEntry.Content.GONE);
      assertThat(notes).singleElement().asString().contains("has gone");
    }
  }

  @Test
  void aFileThatGrewFarBeyondWhatIsListedIsLeftOutAndTheRestIsShared() throws Exception {
    Path growing = write("growing", random(22, 100));
    byte[] after = random(23, 100);
    write("later", after);
    ThrowingCallable grow =
        () -> {
          try (var sparse = new RandomAccessFile(growing.toFile(), "rw")) {
            sparse.setLength(Manifest.MAX_GROWTH_BYTES + (2 << 20));
          }
        };
    try (LocalShare share = hashed(shares.begin(requestThat("later", grow)))) {
      assertThat(received(share)).isEqualTo(Map.of("mods/later", text(after)));
      assertThat(share.database().entry(0).content()).isEqualTo(StoredEntry.Content.GONE);
      assertThat(notes).singleElement().asString().contains("grew");
    }
  }

  /** Does something between listing and hashing of what was listed before this file. */
  private ShareRequest requestThat(String file, ThrowingCallable meanwhile) {
    ShareRequest request = request(root);
    SkipRules rules =
        (name, isDirectory) -> {
          if (name.equals(file)) {
            assertThatCode(meanwhile).doesNotThrowAnyException();
          }
          return false;
        };
    return new ShareRequest(
        request.content(),
        "mods",
        "",
        rules,
        List.of(),
        Terms.NONE,
        true,
        request.notes(),
        request.listener());
  }

  @Test
  void namesThatSomeSystemsTakeForTheSameEndTheShareWithASentence() throws Exception {
    write("readme", random(20, 10));
    write("README", random(21, 10));
    try (var files = Files.list(root)) {
      Assumptions.assumeTrue(files.count() == 2, "the file system has them as one");
    }
    try (LocalShare share = shares.begin(request(root))) {
      assertThatThrownBy(() -> share.hashed().get())
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining(root.resolve("README") + " and " + root.resolve("readme"))
          .hasMessageContaining("--exclude");
    }
  }

  @Test
  void directoriesThatSomeSystemsTakeForTheSameAreNamedAndNotWhatIsInThem() throws Exception {
    write("Maps/deep/a", random(22, 10));
    write("maps/deep/b", random(23, 10));
    try (var files = Files.list(root)) {
      Assumptions.assumeTrue(files.count() == 2, "the file system has them as one");
    }
    try (LocalShare share = shares.begin(request(root))) {
      assertThatThrownBy(() -> share.hashed().get())
          .hasMessageContaining(root.resolve("Maps") + " and " + root.resolve("maps") + " have");
    }
  }

  @Test
  void manySmallFilesAreSharedQuickly() throws Exception {
    byte[] content = new byte[64];
    for (int i = 0; i < FILES; i++) {
      content[i % 64]++;
      write("%03d/%05d".formatted(i / 100, i), content);
    }
    try (LocalShare share = hashed(shares.begin(request(root)))) {
      assertThat(share.totals().endedFiles()).isEqualTo(FILES);
      assertThat(share.totals().endedBytes()).isEqualTo(FILES * 64);
    }
  }
}
