package dev.warren.node.store;

import static dev.warren.node.store.Manifests.content;
import static dev.warren.node.store.Manifests.file;
import static dev.warren.node.store.Manifests.fresh;
import static dev.warren.node.store.Manifests.gone;
import static dev.warren.node.store.Manifests.hash;
import static dev.warren.node.store.Manifests.known;
import static dev.warren.node.store.Manifests.list;
import static dev.warren.node.store.Manifests.part;
import static dev.warren.node.store.Manifests.path;
import static dev.warren.node.store.Manifests.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.Subscription;
import dev.warren.protocols.transfer.manifest.Entry;
import dev.warren.protocols.transfer.manifest.Segment;
import dev.warren.protocols.transfer.manifest.SignedSegment;
import dev.warren.protocols.transfer.names.LinkTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShareDatabaseTest {
  @TempDir Path directory;
  private ShareDatabase share;

  @BeforeEach
  void open() throws StoreException {
    share = ShareDatabase.open(directory.resolve("share.db"));
  }

  @AfterEach
  void close() {
    share.close();
  }

  private void reopen() throws StoreException {
    share.close();
    open();
  }

  @Test
  void whatIsAddedIsThereAfterItIsOpenedAgain() throws Exception {
    var link = new Entry.Link(path("a/link"), LinkTarget.parse(path("a/link"), "other"));
    var directoryEntry = new Entry.Directory(path("a/empty"));
    var executable = new Entry.File(path("a/run"), 5, 7, true);
    list(share, false, file("a/one", 30), link);
    list(share, true, directoryEntry, executable);
    content(share, false, whole(0, 30, fresh(1, 10), fresh(2, 20)));
    content(share, true, whole(3, 10, known(0)));
    share.putMeta("name", "mods");
    ManifestTotals before = share.totals();
    reopen();

    assertThat(share.totals())
        .isEqualTo(before)
        .isEqualTo(new ManifestTotals(4, true, true, 4, 2, 35, 2, 2, 40));
    assertThat(share.complete()).isTrue();
    assertThat(share.entries(0, 10))
        .extracting(StoredEntry::entry)
        .containsExactly(
            new Entry.File(path("a/one"), 30, 2_000_000_007L, false),
            link,
            directoryEntry,
            new Entry.File(path("a/run"), 10, 2_000_000_007L, true));
    assertThat(share.chunks(0, 10)).containsExactly(new Chunk(hash(1), 10), new Chunk(hash(2), 20));
    assertThat(share.meta("name")).contains("mods");
    assertThat(share.meta("other")).isEmpty();
    assertThat(share.read(3).body()).containsOnly(3).hasSize(16);
  }

  @Test
  void listsAreReadByRanges() throws Exception {
    list(share, true, file("a", 6), file("b", 6), file("c", 6));
    content(share, true, whole(0, 6, fresh(1, 1), fresh(2, 2), fresh(3, 3)));

    assertThat(share.entries(1, 1)).extracting(StoredEntry::number).containsExactly(1L);
    assertThat(share.entry(2).number()).isEqualTo(2);
    assertThatThrownBy(() -> share.entry(3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(share.chunks(1, 1)).containsExactly(new Chunk(hash(2), 2));
    assertThat(share.content(0, 1, 2))
        .containsExactly(
            new PlacedChunk(1, 1, new Chunk(hash(2), 2)),
            new PlacedChunk(3, 2, new Chunk(hash(3), 3)));
  }

  @Test
  void partsOfAFileFollowEachOtherAcrossSegments() throws Exception {
    list(share, true, file("a", 100), file("b", 100));
    content(share, false, part(0, fresh(1, 10), fresh(2, 20)));
    reopen();
    content(share, false, part(0, known(1)));
    assertThat(share.entry(0).content()).isEqualTo(StoredEntry.Content.BEGUN);
    content(share, true, whole(0, 57, fresh(4, 7)), whole(1, 5, fresh(3, 5)));

    assertThat(share.content(0, 0, 10))
        .extracting(PlacedChunk::offset)
        .containsExactly(0L, 10L, 30L, 50L);
    assertThat(share.entry(0).content()).isEqualTo(StoredEntry.Content.COMPLETE);
    assertThat(share.totals().endedBytes()).isEqualTo(62);
  }

  @Test
  void aChunkMayHaveManyPlacesWhichAreReadInPages() throws Exception {
    list(share, true, file("a", 3), file("b", 1), file("c", 1));
    content(share, true, whole(0, 3, fresh(1, 1), known(0), known(0)), whole(1, 1, known(0)));

    List<Place> first = share.places(Place.before(0), 1, 3);
    assertThat(first).containsExactly(new Place(0, 0, 0), new Place(0, 0, 1), new Place(0, 0, 2));
    assertThat(share.places(first.getLast(), 1, 3)).containsExactly(new Place(0, 1, 0));
  }

  @Test
  void chunksAreLocatedWhereAFileHasThemFirst() throws Exception {
    list(share, true, file("a", 3), file("b", 7));
    content(share, true, whole(0, 3, fresh(1, 3)), whole(1, 7, fresh(2, 4), known(0)));

    assertThat(share.located(0, 10))
        .extracting(LocatedChunk::ordinal, chunk -> chunk.file().number(), LocatedChunk::offset)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(0L, 0L, 0L),
            org.assertj.core.groups.Tuple.tuple(1L, 1L, 0L));
  }

  @Test
  void theChunksOfAFileThatIsGoneBelongNowhere() throws Exception {
    list(share, true, file("a", 3), file("b", 3));
    content(share, false, part(0, fresh(1, 3)));
    content(share, true, gone(0), whole(1, 4, fresh(2, 4)));

    assertThat(share.places(Place.before(0), 2, 9)).containsExactly(new Place(1, 1, 0));
    assertThat(share.located(0, 2)).extracting(LocatedChunk::ordinal).containsExactly(1L);
    assertThat(share.entry(0).content()).isEqualTo(StoredEntry.Content.GONE);
    assertThat(share.totals().endedBytes()).isEqualTo(4);
    assertThat(share.totals().endedFiles()).isEqualTo(2);
  }

  @Test
  void aSegmentThatIsNotDueIsRefused() throws Exception {
    list(share, true, file("a", 3));
    var segment = new Segment.Content(List.of(whole(0, 3, fresh(1, 3))), true);
    assertThatThrownBy(() -> share.add(new SignedSegment(7, new byte[1], new byte[1]), segment))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(share.size()).isOne();
    assertThat(share.chunks(0, 9)).isEmpty();
  }

  @Test
  void hashesAreFoundAlsoAfterItIsOpenedAgain() throws Exception {
    list(share, true, file("a", 3000));
    assertThat(share.ordinalOf(hash(0))).isEmpty();
    for (int i = 0; i < 3000; i++) {
      content(share, false, part(0, fresh(i, 1)));
    }
    assertThat(share.ordinalOf(hash(2999))).hasValue(2999);
    reopen();
    assertThat(share.ordinalOf(hash(0))).hasValue(0);
    assertThat(share.ordinalOf(hash(1234))).hasValue(1234);
    assertThat(share.ordinalOf(hash(3000))).isEmpty();
  }

  @Test
  void statesAndPlacesOnThisDiskAreKept() throws Exception {
    list(share, true, file("a", 3), file("b", 3));
    share.setState(4, 1);
    share.setLocal(List.of(new ShareDatabase.Local(0, Optional.of("/there/A"), 77)));
    reopen();
    assertThat(share.entries(0, 2)).extracting(StoredEntry::state).containsExactly(0, 4);
    assertThat(share.entry(0).local()).contains("/there/A");
    assertThat(share.entry(1).local()).isEmpty();
  }

  @Test
  void theKeysOfFilesAreThoseOfTheListingUntilTheyEnd() throws Exception {
    var listing = new Segment.Listing(List.of(file("a", 3), file("b", 3)), true);
    share.add(new SignedSegment(0, new byte[1], new byte[1]), listing, entry -> 70 + entry);
    var content = new Segment.Content(List.of(whole(0, 3, fresh(1, 3))), false);
    share.add(new SignedSegment(1, new byte[1], new byte[1]), content, entry -> 80 + entry);
    assertThat(share.entry(0).stamp()).isEqualTo(new FileStamp(3, 2_000_000_007L, 80));
    assertThat(share.entry(1).stamp()).isEqualTo(new FileStamp(3, 1_000_000_007L, 71));
  }

  @Test
  void bitmapsAreKeptAsTheyWereSaved() throws Exception {
    ChunkBitmap written = share.bitmap(ChunkMark.WRITTEN);
    written.add(0);
    written.add(70_000);
    share.save(written);
    written.add(8191);
    reopen();
    assertThat(share.bitmap(ChunkMark.WRITTEN).copy().stream()).containsExactly(0, 70_000);
    assertThat(share.bitmap(ChunkMark.DURABLE).size()).isZero();
    share.save(written);
    assertThat(share.bitmap(ChunkMark.WRITTEN).copy()).isEqualTo(written.copy());

    written.remove(70_000);
    share.save(written);
    assertThat(share.bitmap(ChunkMark.WRITTEN).copy().stream()).containsExactly(0, 8191);
  }

  @Test
  void growthIsToldOfUntilTheSubscriptionEnds() throws Exception {
    var told = new AtomicInteger();
    Runnable action = told::incrementAndGet;
    Subscription first = share.onGrowth(action);
    Subscription second = share.onGrowth(action);
    list(share, true, file("a", 3));
    assertThat(told).hasValue(2);
    first.close();
    content(share, false);
    assertThat(told).hasValue(3);
    second.close();
    content(share, false);
    assertThat(told).hasValue(3);
  }

  @Test
  void onlyOneAtATimeHasAShareOpen() {
    assertThatThrownBy(() -> ShareDatabase.open(directory.resolve("share.db")))
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.reason()).isEqualTo(StoreException.Reason.IN_USE));
  }

  @Test
  void aShareThatIsSharedIsReadByOthersWhileItIsOpen() throws Exception {
    share.putMeta("key", "before");
    share.share();
    try (ShareDatabase other = ShareDatabase.openShared(share.file())) {
      assertThat(other.meta("key")).contains("before");
      share.putMeta("key", "after");
      assertThat(other.meta("key")).contains("after");
    }
    list(share, true, file("a", 3));
    reopen();
    assertThat(share.totals().entries()).isOne();
  }

  @Test
  void whetherAShareIsInUseCanBeSeenFromOutside() throws Exception {
    Path file = share.file();
    share.putMeta("key", "value");
    assertThat(ShareDatabase.isInUse(file)).isTrue();
    share.close();
    assertThat(ShareDatabase.isInUse(file)).isFalse();
    assertThat(ShareDatabase.isInUse(directory.resolve("none.db"))).isFalse();
    open();
    share.share();
    assertThat(ShareDatabase.isInUse(file)).isFalse();
  }

  @Test
  void aShareIsDeletedWithAllItsFiles() throws IOException {
    share.close();
    ShareDatabase.delete(directory.resolve("share.db"));
    try (var files = Files.list(directory)) {
      assertThat(files).isEmpty();
    }
  }
}
