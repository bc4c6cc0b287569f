package dev.warren.node.store;

import static dev.warren.node.store.Manifests.hash;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.node.store.KnownChunks.KnownPlace;
import dev.warren.node.store.ShareRecords.ShareRecord;
import dev.warren.node.store.TransferRecords.State;
import dev.warren.node.store.TransferRecords.TransferRecord;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeDatabaseTest {
  private static final FileStamp STAMP = new FileStamp(10, 20, 30);
  private static final long CACHE_BYTES = 10;

  @TempDir Path directory;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private NodeDatabase node;

  @BeforeEach
  void open() throws IOException {
    node = open(new DataDirectory(directory).create());
  }

  private NodeDatabase open(DataDirectory data) throws StoreException {
    return NodeDatabase.open(data, () -> now, CACHE_BYTES);
  }

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void draftsOfProcessesThatWereKilledGoAfterADay() throws Exception {
    Path cache = new DataDirectory(directory).cache();
    Path old = Files.createFile(cache.resolve(".draft1.tmp"));
    Path young = Files.createFile(cache.resolve(".draft2.tmp"));
    Files.setLastModifiedTime(old, FileTime.from(now.minus(Duration.ofDays(2))));
    Files.setLastModifiedTime(young, FileTime.from(now));
    node.cache().store(content("any"), "share");
    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  private void record(String path, FileStamp stamp, int firstHash, int chunks) throws Exception {
    HashCache.Recording recording = node.hashes().record(Path.of(path));
    for (int i = 0; i < chunks; i++) {
      recording.add(new Chunk(hash(firstHash + i), 100));
    }
    recording.complete(stamp);
  }

  private Optional<CachedHashes> find(String path) throws StoreException {
    return Optional.ofNullable(node.hashes().find(List.of(Path.of(path))).get(Path.of(path)));
  }

  private static List<Chunk> chunks(int firstHash, int count) {
    List<Chunk> chunks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      chunks.add(new Chunk(hash(firstHash + i), 100));
    }
    return chunks;
  }

  private static PeerId peer() {
    return PrivateKey.generate(KeyType.ED25519).peerId();
  }

  // --- hashes

  @Test
  void whatFilesConsistOfIsFoundByTheirPaths() throws Exception {
    List<Path> paths = new ArrayList<>();
    for (int i = 0; i < 700; i++) {
      record("/files/" + i, new FileStamp(i, i, i), i, i % 3);
      paths.add(Path.of("/files/" + i));
    }
    node.hashes().flush();
    paths.add(Path.of("/unknown"));

    var found = node.hashes().find(paths);
    assertThat(found).hasSize(700);
    assertThat(found.get(Path.of("/files/5")))
        .satisfies(
            file -> {
              assertThat(file.stamp()).isEqualTo(new FileStamp(5, 5, 5));
              assertThat(file.parts()).isOne();
              assertThat(file.first()).isEqualTo(chunks(5, 2));
            });
  }

  @Test
  void aLongFileIsKeptInPartsAndCountsWhenItIsComplete() throws Exception {
    int count = 2 * HashCache.PART_CHUNKS + 1;
    HashCache.Recording recording = node.hashes().record(Path.of("/long"));
    for (Chunk chunk : chunks(0, count)) {
      recording.add(chunk);
    }
    assertThat(find("/long")).map(CachedHashes::stamp).contains(new FileStamp(-1, 0, 0));
    recording.complete(STAMP);

    CachedHashes found = find("/long").orElseThrow();
    assertThat(found.stamp()).isEqualTo(STAMP);
    assertThat(found.parts()).isEqualTo(3);
    List<Chunk> all = new ArrayList<>(found.first());
    all.addAll(node.hashes().part(found, 1));
    all.addAll(node.hashes().part(found, 2));
    assertThat(all).isEqualTo(chunks(0, count));
  }

  @Test
  void aFileThatIsRecordedAnewReplacesWhatWasKnown() throws Exception {
    record("/file", STAMP, 0, HashCache.PART_CHUNKS + 1);
    CachedHashes old = find("/file").orElseThrow();
    record("/file", new FileStamp(1, 2, 3), 9, 1);
    node.hashes().flush();

    assertThat(find("/file").orElseThrow().first()).isEqualTo(chunks(9, 1));
    assertThat(node.hashes().part(old, 1)).isEmpty();
  }

  @Test
  void filesThatAreOfNoUseForLongAreForgotten() throws Exception {
    record("/used", STAMP, 0, 1);
    record("/unused", STAMP, 1, 1);
    node.hashes().flush();
    now = now.plus(Duration.ofDays(100));
    assertThat(find("/used")).isPresent();
    now = now.plus(Duration.ofDays(100));
    node.hashes().prune();

    assertThat(find("/used")).isPresent();
    assertThat(find("/unused")).isEmpty();
    assertThat(node.knownChunks().find(List.of(hash(0), hash(1)))).containsOnlyKeys(hash(0));
  }

  @Test
  void chunksAreKnownWhereTheyWereRecorded() throws Exception {
    record("/file", STAMP, 0, 3);
    node.hashes().flush();
    assertThat(node.knownChunks().find(List.of(hash(2), hash(9))))
        .containsOnlyKeys(hash(2))
        .containsValue(new KnownPlace(Path.of("/file"), STAMP, 200, 100));
  }

  // --- shares

  @Test
  void aShareIsServedUntilItEnds() throws Exception {
    List<Path> paths = List.of(Path.of("/home/kim/mods"), Path.of("/home/kim/a\nb"));
    var share =
        new ShareRecord(
            new ShareId("ABC"),
            ShareKey.of(new byte[32]),
            "mods",
            "the newest",
            paths,
            List.of("*.log"),
            now,
            Optional.of(now.plusSeconds(9)),
            Optional.empty(),
            0,
            0);
    node.shares().add(share);
    assertThat(node.shares().serving(paths, List.of("*.log"))).containsExactly(share);
    assertThat(node.shares().serving(paths, List.of())).isEmpty();
    assertThat(node.shares().serving(paths.subList(0, 1), List.of("*.log"))).isEmpty();
    node.shares().update(share.id(), 5, 7);
    assertThat(node.shares().all().getFirst().bytes()).isEqualTo(7);

    node.shares().end(share.id(), now.plusSeconds(5));
    assertThat(node.shares().serving(paths, List.of("*.log"))).isEmpty();
    assertThat(node.shares().all())
        .extracting(ShareRecord::ended)
        .containsExactly(Optional.of(now.plusSeconds(5)));
  }

  @Test
  void whatIsFilledByOthersHasItsRoomInTheCache() throws Exception {
    Path stream = Files.createDirectories(directory.resolve("cache/stream/within"));
    Files.write(stream.resolve("file"), new byte[10]);
    ChunkCache cache = node.cache();
    ChunkCache.CachedFile other = cache.store(content("other"), "share");
    cache.unpin("share");
    assertThat(cache.reserve("stream", Long.MAX_VALUE / 2, "transfer")).isFalse();
    assertThat(cache.usage().bytes()).isZero();
    assertThat(stream).doesNotExist();
    assertThat(other.path()).doesNotExist();
    assertThat(cache.reserve("stream", 5, "transfer")).isTrue();
    cache.clear();
    assertThat(cache.usage().bytes()).isEqualTo(5);
    cache.remove("stream");
    assertThat(cache.usage().files()).isZero();
    assertThat(cache.usage().pinnedBytes()).isZero();
  }

  // --- transfers

  @Test
  void aTransferThatWasBegunGoesOnUntilItIsDone() throws Exception {
    PeerId sharer = peer();
    var share = new ShareId("ABC");
    var key = ShareKey.of(new byte[32]);
    TransferRecord begun = node.transfers().begin(share, key, sharer, directory, "code", now);
    assertThat(node.transfers().begin(share, key, sharer, directory, "code", now.plusSeconds(1)))
        .isEqualTo(begun);
    assertThat(node.transfers().begin(share, key, peer(), directory, "other", now).number())
        .isNotEqualTo(begun.number());
    assertThat(node.transfers().unfinished("code")).containsExactly(begun);

    var done =
        new TransferRecord(
            begun.number(), share, key, sharer, "mods", directory, State.DONE, now, 3, 40, 40);
    node.transfers().update(done);
    assertThat(node.transfers().all()).last().isEqualTo(done);
    assertThat(node.transfers().unfinished("code")).isEmpty();
    assertThat(node.transfers().begin(share, key, sharer, directory, "code", now).number())
        .isNotEqualTo(begun.number());
    assertThat(node.transfers().all()).hasSize(3);
    node.transfers().forget(begun.number());
    assertThat(node.transfers().all()).hasSize(2).doesNotContain(done);
  }

  // --- peers

  @Test
  void peersAreCalledByNamesThatNoTwoHave() throws Exception {
    PeerId one = peer();
    PeerId other = peer();
    node.peers().seen(one, now);
    node.peers().name(one, "kim");
    node.peers().name(other, "kim");
    assertThat(node.peers().named("kim").orElseThrow().peer()).isEqualTo(other);
    assertThat(node.peers().find(one).orElseThrow().name()).isEmpty();
    assertThat(node.peers().all()).hasSize(2).first().extracting("seen").isEqualTo(now);
  }

  @Test
  void aPeerIsBlockedUntilTheBlockEnds() throws Exception {
    PeerId peer = peer();
    assertThat(node.peers().blocked(peer)).isEmpty();
    node.peers().block(peer, "spam");
    node.peers().seen(peer, now);
    assertThat(node.peers().blocked(peer)).contains("spam");
    assertThat(node.peers().blocked()).hasSize(1);
    node.peers().unblock(peer);
    assertThat(node.peers().blocked(peer)).isEmpty();
  }

  // --- audit

  @Test
  void theAuditIsQueriedByTimeShareAndPeer() throws Exception {
    for (int i = 0; i < 4; i++) {
      node.audit()
          .add(
              AuditLog.Line.of(
                  now.plusSeconds(i), AuditLog.Event.ADMITTED, "S" + i % 2, "peer" + i, ""));
    }
    assertThat(node.audit().find(AuditLog.Query.ALL, 3))
        .extracting(AuditLog.Line::peer)
        .containsExactly("peer3", "peer2", "peer1");
    var query = new AuditLog.Query(now.plusSeconds(1), Optional.of("S1"), Optional.empty());
    assertThat(node.audit().find(query, 9))
        .extracting(AuditLog.Line::peer)
        .containsExactly("peer3", "peer1");
    query = new AuditLog.Query(now, Optional.empty(), Optional.of("peer0"));
    assertThat(node.audit().find(query, 9)).hasSize(1);
  }

  @Test
  void oldLinesLeaveTheAudit() throws Exception {
    node.audit().add(AuditLog.Line.of(now, AuditLog.Event.SHARED, "old", "", ""));
    Instant later = now.plus(AuditLog.KEPT).plusSeconds(1);
    for (int i = 0; i < 1000; i++) {
      node.audit().add(AuditLog.Line.of(later, AuditLog.Event.SHARED, "new", "", ""));
    }
    var old = new AuditLog.Query(Instant.EPOCH, Optional.of("old"), Optional.empty());
    assertThat(node.audit().find(old, 9)).isEmpty();
    assertThat(node.audit().find(AuditLog.Query.ALL, 5000)).hasSize(1000);
  }

  // --- cache

  private static InputStream content(String text) {
    return new ByteArrayInputStream(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  @Test
  void theCacheDropsWhatWasNotUsedForLongestAndKeepsWhatIsPinned() throws Exception {
    ChunkCache.CachedFile pinned = node.cache().store(content("pinned"), "share");
    now = now.plusSeconds(1);
    ChunkCache.CachedFile old = node.cache().store(content("old"), "second");
    node.cache().unpin("second");
    assertThat(old.path()).exists();
    now = now.plusSeconds(1);
    ChunkCache.CachedFile young = node.cache().store(content("young"), "third");

    assertThat(old.path()).doesNotExist();
    assertThat(node.cache().pin(old.name(), "x")).isEmpty();
    assertThat(pinned.path()).hasContent("pinned");
    // More than the limit, but all of it is in use.
    assertThat(node.cache().usage()).isEqualTo(new ChunkCache.Usage(2, 11, 11));
    node.cache().unpin("third");
    assertThat(young.path()).doesNotExist();
    assertThat(node.cache().pin(pinned.name(), "fourth")).contains(pinned);
    node.cache().unpin("share");
    node.cache().clear();
    assertThat(pinned.path()).exists();
  }

  @Test
  void whatIsCachedTwiceIsThereOnce() throws Exception {
    ChunkCache.CachedFile one = node.cache().store(content("same"), "one");
    assertThat(node.cache().store(content("same"), "two")).isEqualTo(one);
    node.cache().unpin("one");
    node.cache().clear();
    assertThat(one.path()).hasContent("same");
    node.cache().unpin("two");
    node.cache().clear();
    try (var files = Files.list(directory.resolve("cache"))) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void twoProcessesMayHaveItOpen() throws Exception {
    try (NodeDatabase other = open(new DataDirectory(directory))) {
      PeerId peer = peer();
      other.peers().block(peer, "spam");
      assertThat(node.peers().blocked(peer)).contains("spam");
    }
  }
}
