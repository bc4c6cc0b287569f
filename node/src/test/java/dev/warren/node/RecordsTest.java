package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.NodeRecords.AuditQuery;
import dev.warren.node.NodeRecords.PeerRecord;
import dev.warren.node.NodeRecords.ShareState;
import dev.warren.node.NodeRecords.TransferState;
import dev.warren.node.NodeRecords.Verification;
import dev.warren.node.store.DataDirectory;
import dev.warren.node.store.NodeDatabase;
import dev.warren.node.store.ShareDatabase;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node remembers, as another process of the same data directory sees it. */
@Timeout(60)
class RecordsTest {
  @TempDir private Path directory;

  private final MemoryRendezvous place = new MemoryRendezvous();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Path mods;
  private Path got;

  @BeforeEach
  void makeFiles() throws IOException {
    mods = Files.createDirectories(directory.resolve("mods"));
    Files.createDirectories(mods.resolve("maps"));
    Files.write(mods.resolve("maps/large.bin"), new byte[2 << 20]);
    Files.writeString(mods.resolve("maps/small.txt"), "small");
    Files.writeString(mods.resolve("readme.txt"), "read me");
    got = directory.resolve("got");
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable it : open.reversed()) {
      it.close();
    }
  }

  // --- verify

  @Test
  void whatWasReceivedIsVerifiedWhileItIsStillGivenToOthers() throws Exception {
    receive(mods);
    var told = new Told();
    assertThat(records("b").verify(got, told)).contains(new Verification(3, 0, 0, 0));
    assertThat(told.lines).containsExactly("begun 3 files, 2097164 bytes");
    assertThat(told.hashed).isEqualTo(2097164);
  }

  @Test
  void whatIsChangedMissingOrExtraIsTold() throws Exception {
    receive(mods);
    Files.writeString(got.resolve("mods/readme.txt"), "changed");
    Files.delete(got.resolve("mods/maps/large.bin"));
    Files.writeString(got.resolve("mods/extra.txt"), "extra");
    Files.writeString(got.resolve("elsewhere.txt"), "not in a folder that was received");
    var told = new Told();
    Verification verification = records("b").verify(got, told).orElseThrow();
    assertThat(verification).isEqualTo(new Verification(1, 1, 1, 1));
    assertThat(verification.intact()).isFalse();
    assertThat(told.lines)
        .contains("changed mods/readme.txt", "missing mods/maps/large.bin", "extra mods/extra.txt")
        .hasSize(4);
  }

  @Test
  void aFileThatIsTooShortOrAFolderCountsAsChangedAndIsNotReadOn() throws Exception {
    receive(mods);
    Files.write(got.resolve("mods/maps/large.bin"), new byte[1 << 20]);
    Files.delete(got.resolve("mods/readme.txt"));
    Files.createDirectory(got.resolve("mods/readme.txt"));
    var told = new Told();
    assertThat(records("b").verify(got, told)).contains(new Verification(1, 2, 0, 0));
    assertThat(told.hashed).isEqualTo(2097164);
  }

  @Test
  void aFolderOrFileInWhatWasReceivedIsVerifiedAlone() throws Exception {
    receive(mods);
    Files.writeString(got.resolve("mods/readme.txt"), "changed");
    Files.writeString(got.resolve("mods/maps/extra.txt"), "extra");
    var told = new Told();
    assertThat(records("b").verify(got.resolve("mods/maps"), told))
        .contains(new Verification(2, 0, 0, 1));
    assertThat(told.lines).contains("extra extra.txt");
    assertThat(records("b").verify(got.resolve("mods/readme.txt"), told))
        .contains(new Verification(0, 1, 0, 0));
    assertThat(told.lines).contains("changed readme.txt");
  }

  @Test
  void ofWhatWasReceivedTwiceTheLatestCounts() throws Exception {
    receive(mods);
    Path music = Files.createDirectories(directory.resolve("music"));
    Files.writeString(music.resolve("song.ogg"), "song");
    receive(music);
    Files.writeString(mods.resolve("readme.txt"), "read me again");
    Files.delete(mods.resolve("maps/small.txt"));
    receive(mods);
    assertThat(records("b").verify(got, new Told())).contains(new Verification(4, 0, 0, 0));
    assertThat(records("b").verify(directory, new Told())).contains(new Verification(4, 0, 0, 0));
  }

  @Test
  void nothingIsKnownOfOtherDirectories() throws Exception {
    receive(mods);
    assertThat(records("b").verify(mods, new Told())).isEmpty();
    assertThat(records("a").verify(got, new Told())).isEmpty();
  }

  @Test
  void anInterruptEndsAVerification() throws Exception {
    receive(mods);
    var interrupting =
        new VerificationListener() {
          @Override
          public void begun(long files, long bytes) {
            Thread.currentThread().interrupt();
          }
        };
    NodeRecords records = records("b");
    assertThatThrownBy(() -> records.verify(got, interrupting))
        .isInstanceOf(ClosedByInterruptException.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  // --- shares and transfers

  @Test
  void aShareIsServedThenCutOffOrEnded() throws Exception {
    Node a = node("a");
    Sharing sharing = a.share(ShareOptions.of(mods));
    NodeRecords seen = records("a");
    assertThat(seen.shares().getFirst().state()).isEqualTo(ShareState.SERVING);
    assertThat(a.records().shares().getFirst().state()).isEqualTo(ShareState.SERVING);
    a.close();
    assertThat(seen.shares().getFirst().state()).isEqualTo(ShareState.CUT_OFF);
    Sharing again = node("a").share(ShareOptions.of(mods));
    assertThat(again.id()).isEqualTo(sharing.id());
    again.close();
    assertThat(seen.shares().getFirst().state()).isEqualTo(ShareState.ENDED);
  }

  @Test
  void aTransferIsUnderWayWhileAProcessHasItAndElseCutOff() throws Exception {
    NodeRecords seen = records("b");
    var data = new DataDirectory(config("b").dataDirectory());
    try (NodeDatabase b = NodeDatabase.open(data, InstantSource.system(), 0)) {
      long number =
          b.transfers()
              .begin(
                  new ShareId("ABC"),
                  ShareKey.of(new byte[32]),
                  node("a").peerId(),
                  got,
                  "",
                  Instant.EPOCH)
              .number();
      try (ShareDatabase share = ShareDatabase.open(data.transfer(number))) {
        assertThat(share.totals().listed()).isFalse();
        assertThat(seen.transfers().getFirst().state()).isEqualTo(TransferState.RECEIVING);
      }
      assertThat(seen.transfers().getFirst().state()).isEqualTo(TransferState.CUT_OFF);
    }
  }

  @Test
  void aTransferThatNeverBeganIsForgotten() throws Exception {
    Sharing sharing = node("a").share(ShareOptions.of(mods).approval((_, _) -> false));
    try (Receiving receiving =
        node("b").receive(ReceiveOptions.of(sharing.codes().shortest()).into(got))) {
      assertThatThrownBy(receiving::await).isInstanceOf(NotAllowedException.class);
    }
    assertThat(records("b").transfers()).isEmpty();
  }

  // --- peers and the audit log

  @Test
  void bothSidesAreKnownAfterwards() throws Exception {
    Node b = receive(mods);
    PeerRecord sharer = b.records().peers().getFirst();
    assertThat(records("a").peers()).extracting(PeerRecord::peer).containsExactly(b.peerId());
    assertThat(sharer.seen()).isPresent();
    assertThat(sharer.petname()).isEmpty();
    b.records().name(sharer.peer(), "kim");
    assertThat(records("b").peers().getFirst().petname()).contains("kim");
    b.records().unname(sharer.peer());
    assertThat(records("b").peers().getFirst().petname()).isEmpty();
  }

  @Test
  void whomAnotherProcessBlocksGetsNothingMore() throws Exception {
    Node a = node("a");
    Node b = node("b");
    var asked = new CountDownLatch(1);
    var gone = new CountDownLatch(1);
    var decided = new CountDownLatch(1);
    Sharing sharing =
        a.share(
            ShareOptions.of(mods)
                .listener(
                    new SharingListener() {
                      @Override
                      public void left(Receiver receiver) {
                        gone.countDown();
                      }
                    }));
    Receiving receiving =
        b.receive(
            ReceiveOptions.of(sharing.codes().shortest())
                .into(got)
                .consent(
                    _ -> {
                      asked.countDown();
                      try {
                        decided.await();
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                      return Optional.of(ConflictPolicy.RENAME);
                    }));
    asked.await();
    records("a").block(b.peerId());
    gone.await();
    decided.countDown();
    assertThatThrownBy(receiving::await).isInstanceOf(NotAllowedException.class);
  }

  @Test
  void theAuditLogIsSearchedByTheNameOfAShare() throws Exception {
    Node b = receive(mods);
    NodeRecords a = records("a");
    var named = new AuditQuery(Optional.of("mods"), Optional.of(b.peerId()));
    assertThat(a.audit(named, 9))
        .extracting(NodeRecords.AuditLine::event)
        .contains("admitted", "completed");
    assertThat(a.audit(new AuditQuery(Optional.of("maps"), Optional.empty()), 9)).isEmpty();
  }

  @Test
  void theCacheSaysWhatSharesNeedOfIt() throws Exception {
    Sharing sharing =
        node("a").share(ShareOptions.ofContent("x", new ByteArrayInputStream(new byte[99])));
    NodeRecords a = records("a");
    assertThat(a.cache().pinnedBytes()).isEqualTo(99);
    a.clearCache();
    assertThat(a.cache().bytes()).isEqualTo(99);
    sharing.close();
    a.clearCache();
    assertThat(a.cache().files()).isZero();
  }

  /** Keeps what it is told. */
  private static final class Told implements VerificationListener {
    private final List<String> lines = new ArrayList<>();
    private long hashed;

    @Override
    public void begun(long files, long bytes) {
      lines.add("begun %d files, %d bytes".formatted(files, bytes));
    }

    @Override
    public void hashed(long bytes) {
      hashed += bytes;
    }

    @Override
    public void changed(String path) {
      lines.add("changed " + path);
    }

    @Override
    public void missing(String path) {
      lines.add("missing " + path);
    }

    @Override
    public void extra(String path) {
      lines.add("extra " + path);
    }
  }

  /** Has b receive from a; both stay open. */
  private Node receive(Path what) throws Exception {
    Node a = node("a");
    Node b = node("b");
    Sharing sharing = a.share(ShareOptions.of(what).fresh(true));
    Receiving receiving =
        b.receive(
            ReceiveOptions.of(sharing.codes().shortest())
                .into(got)
                .consent(_ -> Optional.of(ConflictPolicy.OVERWRITE)));
    open.add(receiving);
    receiving.await();
    return b;
  }

  private NodeRecords records(String name) throws IOException {
    NodeRecords records = Warren.records(config(name));
    open.add(records);
    return records;
  }

  private Node node(String name) throws IOException {
    Node node = WarrenNode.start(config(name), host -> List.of(place.door(host)));
    open.add(node);
    return node;
  }

  private NodeConfig config(String name) {
    return NodeConfig.in(directory.resolve(name + ".data"))
        .withLan(false)
        .withListen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")));
  }
}
