package dev.warren.node.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.node.Caution;
import dev.warren.node.ConflictPolicy;
import dev.warren.node.ReceivePlan;
import dev.warren.node.store.FileStamp;
import dev.warren.node.store.ShareDatabase;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkReader;
import dev.warren.protocols.transfer.manifest.Segment;
import dev.warren.protocols.transfer.names.EntryPath;
import dev.warren.protocols.transfer.serve.ChunkUnavailableException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class ReceivedShareTest {
  private static final PeerId SHARER = PrivateKey.generate(KeyType.ED25519).peerId();

  @TempDir private Path temporary;

  private final Random random = new Random(5);
  private final MadeShare made = new MadeShare();
  private final FakeContent local = new FakeContent();
  private final TurnedTime time = new TurnedTime();
  private ShareDatabase database;
  private ReceivedShare share;
  private int added;

  @AfterEach
  void close() {
    if (share != null) {
      share.close();
      database.close();
    }
  }

  @Test
  void everythingOfAShareIsThereInTheEnd() throws Exception {
    made.file("readme.txt", text("hello"))
        .file("empty", new byte[0])
        .file("mods/big.pak", bytes(3_000_000))
        .file("mods/run.sh", text("#!/bin/sh"))
        .directory("maps")
        .link("mods/latest", "big.pak")
        .make();
    receive(ConflictPolicy.SKIP);
    assertThat(tree()).isEqualTo(expected("maps/", "mods/latest -> big.pak"));
    assertThat(Files.isExecutable(root().resolve("mods/run.sh"))).isTrue();
    assertThat(Files.isExecutable(root().resolve("readme.txt"))).isFalse();
    assertThat(Files.getLastModifiedTime(root().resolve("mods/big.pak")).to(TimeUnit.NANOSECONDS))
        .isEqualTo(MadeShare.MODIFIED);
    assertThat(share.finishedFiles()).isEqualTo(4);
  }

  @Test
  void nothingIsCreatedBeforeItIsAgreedTo() throws Exception {
    made.file("a", text("a")).make();
    open();
    addListing();
    ListingPlan plan = plan(_ -> true);
    assertThat(plan.totals().files()).isEqualTo(1);
    assertThat(plan.totals().bytes()).isEqualTo(1);
    assertThat(root()).doesNotExist();
  }

  @Test
  void thePlanSaysAtWhatToLookTwice() throws Exception {
    made.file(".hidden/setup.exe", text("a")).file("map.pak", text("b")).make();
    open();
    addListing();
    ListingPlan plan = plan(_ -> true);
    assertThat(plan.totals().cautions()).isEqualTo(Map.of(Caution.HIDDEN, 1L, Caution.PROGRAM, 1L));
    assertThat(plan.cautioned())
        .extracting(planned -> planned.entry().path().toString())
        .containsExactly(".hidden/setup.exe");
    assertThat(plan(path -> path.toString().equals("map.pak")).totals().cautions()).isEmpty();
  }

  @Test
  void chunksInAnyOrderAndTwiceMakeTheSameFiles() throws Exception {
    byte[] shared = bytes(700_000);
    made.file("one", shared).file("two", join(shared, bytes(900_000), shared)).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    List<Integer> order = ordinals();
    java.util.Collections.shuffle(order, random);
    for (int ordinal : order) {
      write(ordinal);
      write(ordinal);
    }
    share.finish();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void aChunkThatCameBeforeIsCopiedToPlacesThatBecomeKnownLater() throws Exception {
    byte[] shared = bytes(2_000_000);
    made.chunksPerSegment = 2;
    made.file("one", shared).file("two", join(shared, bytes(10))).make();
    begin(ConflictPolicy.SKIP);
    int written = 0;
    while (added < made.segments.size()) {
      add();
      for (; written < share.chunkCount(); written++) {
        write(written);
      }
    }
    share.finish();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void zerosAreHoles() throws Exception {
    made.file("sparse", join(bytes(100_000), new byte[20 << 20], bytes(100_000))).make();
    receive(ConflictPolicy.SKIP);
    assertThat(tree()).isEqualTo(expected());
    Process du = new ProcessBuilder("du", "-k", root().resolve("sparse").toString()).start();
    String kilobytes = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(Integer.parseInt(kilobytes.substring(0, kilobytes.indexOf('\t')))).isLessThan(8_000);
  }

  @Test
  void identicalFilesStayAsTheyAreWhateverThePolicy() throws Exception {
    byte[] content = bytes(2_000_000);
    made.chunksPerSegment = 2;
    made.file("mods/same", content).file("mods/other", join(content, bytes(5))).make();
    put("mods/same", content);
    FileTime before = Files.getLastModifiedTime(root().resolve("mods/same"));
    receive(ConflictPolicy.RENAME);
    assertThat(tree()).isEqualTo(expected());
    assertThat(Files.getLastModifiedTime(root().resolve("mods/same"))).isEqualTo(before);
    assertThat(share.reusedBytes()).isGreaterThanOrEqualTo(content.length);
  }

  @Test
  void aFileThatDiffersIsReplacedOnlyWhenThatIsThePolicy() throws Exception {
    made.file("map.zip", text("new")).file("log", text("new")).make();
    put("map.zip", text("old"));
    put("log", text("old"));
    open();
    addListing();
    ListingPlan plan = plan(_ -> true);
    assertThat(plan.totals().conflicts()).isEqualTo(2);
    assertThat(plan.entries(0, 10))
        .allMatch(planned -> planned.fate() == ReceivePlan.Fate.CONFLICT);
    plan.accept(ConflictPolicy.RENAME, _ -> {});
    fetch();
    assertThat(read("map.zip")).isEqualTo("old");
    assertThat(read("map (1).zip")).isEqualTo("new");
    assertThat(read("log (1)")).isEqualTo("new");
  }

  @Test
  void overwritingReplacesAndSkippingDoesNot() throws Exception {
    made.file("a", text("new a")).file("b", text("new b")).make();
    put("a", text("old a"));
    receive(ConflictPolicy.OVERWRITE);
    assertThat(read("a")).isEqualTo("new a");
    reopenAnew();
    put("a", text("mine again"));
    receive(ConflictPolicy.SKIP);
    assertThat(read("a")).isEqualTo("mine again");
    assertThat(read("b")).isEqualTo("new b");
  }

  @ParameterizedTest
  @CsvSource({"6, 1", "2, 2", "1, 5", "3, 4", "1, 100"})
  void ofAChangedFileOnlyWhatChangedIsFetched(int chunksPerPart, int parts) throws Exception {
    byte[] old = bytes(8_000_000);
    System.arraycopy(old, 0, old, 2_000_000, 1_000_000); // some chunks are there twice
    byte[] changed = old.clone();
    System.arraycopy(bytes(100_000), 0, changed, 6_000_000, 100_000);
    made.chunksPerSegment = chunksPerPart;
    made.partsPerSegment = parts;
    made.file("big", changed).make();
    put("big", old);
    begin(ConflictPolicy.OVERWRITE);
    int fetched = fetch();
    assertThat(tree()).isEqualTo(expected());
    assertThat(fetched).isBetween(1, 4);
  }

  @Test
  void onlyWhatIsAskedForIsReceivedAlsoWhenItsContentCameUnderAnotherName() throws Exception {
    byte[] shared = bytes(500_000);
    made.chunksPerSegment = 1;
    made.file("unasked", join(shared, bytes(50_000))).file("asked", shared).make();
    open();
    addListing();
    ListingPlan plan = plan(path -> path.toString().equals("asked"));
    assertThat(plan.totals().excluded()).isEqualTo(1);
    plan.accept(ConflictPolicy.SKIP, _ -> {});
    fetch();
    assertThat(tree().keySet()).containsExactly("asked");
    assertThat(Files.readAllBytes(root().resolve("asked"))).isEqualTo(shared);
  }

  @Test
  void aProcessThatDiesGoesOnWhereItWasSaved() throws Exception {
    made.chunksPerSegment = 3;
    made.file("one", bytes(3_000_000)).file("two", text("2")).file("three", bytes(90_000)).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    int half = (int) share.chunkCount() / 2;
    for (int ordinal = 0; ordinal < half; ordinal++) {
      write(ordinal);
    }
    time.turn();
    write(half);
    dieAndReopen();
    assertThat(share.hasBegun()).isTrue();
    for (int ordinal = 0; ordinal < share.chunkCount(); ordinal++) {
      assertThat(share.isDone(ordinal)).isEqualTo(ordinal < half);
    }
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void aFileThatGotItsNameJustBeforeTheProcessDiedIsNotThereTwice() throws Exception {
    made.file("one", text("1")).file("two", bytes(400_000)).make();
    begin(ConflictPolicy.RENAME);
    addAll();
    time.turn();
    ordinals().forEach(this::write);
    assertThat(tree().keySet()).contains("one", "two");
    dieAndReopen();
    assertThat(share.isDone(0)).isFalse();
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void ofALargeFileThatGotItsNameJustBeforeTheProcessDiedNothingIsReceivedAgain() throws Exception {
    made.file("one", bytes(2_000_000)).make();
    begin(ConflictPolicy.RENAME);
    addAll();
    int last = (int) share.chunkCount() - 1;
    for (int ordinal = 0; ordinal < last; ordinal++) {
      write(ordinal);
    }
    time.turn();
    write(last);
    assertThat(tree().keySet()).contains("one");
    dieAndReopen();
    for (int ordinal = 0; ordinal < last; ordinal++) {
      assertThat(share.isDone(ordinal)).isTrue();
    }
    assertThat(local.learnt.get(root().resolve("one"))).isEqualTo(chunksOf(made.files.get("one")));
    assertThat(share.finishedFiles()).isEqualTo(1);
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void afterALossOfPowerWhatWasNotForcedIsLookedAtAgain() throws Exception {
    made.file("small", text("small")).file("big", bytes(3_000_000)).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    write(0);
    time.turn();
    dieAndReopen();
    share.close();
    FileTime modified = Files.getLastModifiedTime(root().resolve("small"));
    Files.write(root().resolve("small"), new byte[5]);
    Files.setLastModifiedTime(root().resolve("small"), modified);
    database.putMeta("boot", "another");
    share = reopened();
    assertThat(share.isDone(0)).isFalse();
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void whatTheUserHasChangedBeforeALossOfPowerStays() throws Exception {
    made.file("small.txt", text("small")).file("big", bytes(3_000_000)).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    write(0);
    time.turn();
    put("small.txt", text("mine"));
    share.close();
    database.putMeta("boot", "another");
    share = reopened();
    fetch();
    assertThat(read("small.txt")).isEqualTo("mine");
    assertThat(read("small (1).txt")).isEqualTo("small");
  }

  @Test
  void aLargeFileWhoseNameIsLostWithThePowerGetsItAgain() throws Exception {
    made.file("big", bytes(3_000_000)).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    ordinals().forEach(this::write);
    share.close();
    Files.createDirectories(partial());
    Files.move(root().resolve("big"), partial().resolve("0"));
    database.putMeta("boot", "another");
    share = reopened();
    assertThat(fetch()).isZero();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void aPartialFileThatIsGoneIsReceivedAgain() throws Exception {
    receiveHalf();
    dieAndReopen(() -> Files.delete(partial().resolve("0")));
    assertThat(share.isDone(0)).isFalse();
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void ofAPartialFileThatSomebodyChangedOnlyWhatChangedIsReceivedAgain() throws Exception {
    receiveHalf();
    dieAndReopen(
        () -> {
          change(partial().resolve("0"), 10);
          Files.setLastModifiedTime(
              partial().resolve("0"), FileTime.from(Instant.now().plusSeconds(60)));
        });
    assertThat(share.isDone(0)).isFalse();
    assertThat(share.isDone(1)).isTrue();
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void aLinkInThePlaceOfAPartialFileIsNotFollowed() throws Exception {
    byte[] mine = bytes(100);
    Path elsewhere = Files.write(temporary.resolve("elsewhere"), mine);
    receiveHalf();
    dieAndReopen(
        () -> {
          Files.delete(partial().resolve("0"));
          Files.createSymbolicLink(partial().resolve("0"), elsewhere);
        });
    fetch();
    assertThat(tree()).isEqualTo(expected());
    assertThat(Files.readAllBytes(elsewhere)).isEqualTo(mine);
  }

  @Test
  void aPartialFileThatIsRemovedWhileItIsReceivedEndsTheTransferUntilItGoesOn() throws Exception {
    made.file("a", bytes(1_000_000));
    for (int i = 0; i < 40; i++) {
      made.file("b" + i, bytes(200_000)); // so many that the first is not kept open
    }
    made.make();
    begin(ConflictPolicy.SKIP);
    addAll();
    List<Integer> order = new ArrayList<>(ordinals());
    int last = order.remove(1);
    for (int ordinal : order) {
      if (ordinal == order.get(order.size() / 2)) {
        Files.deleteIfExists(partial().resolve("0"));
      }
      write(ordinal);
    }
    byte[] content = made.chunks.get(last);
    assertThatThrownBy(() -> share.write(last, content, 0, content.length))
        .isInstanceOf(IOException.class);
    assertThat(root().resolve("a")).doesNotExist();
    share.close();
    share = reopened();
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void whoBringsAChunkThatIsBeingWrittenWaitsUntilItIsThere() throws Exception {
    for (int i = 0; i < 40; i++) {
      made.file("file" + i, bytes(1_500_000));
    }
    made.make();
    begin(ConflictPolicy.SKIP);
    addAll();
    for (int entry = 0, ordinal = 0; entry < 40; entry++) {
      Path file = root().resolve("file" + entry);
      int end =
          database.content(entry, 0, 100).stream()
              .mapToInt(p -> (int) p.ordinal())
              .max()
              .orElseThrow();
      for (; ordinal < end; ordinal++) {
        write(ordinal);
      }
      int last = ordinal++;
      var both = new CyclicBarrier(2);
      Callable<Boolean> bring =
          () -> {
            both.await();
            write(last);
            return Files.exists(file);
          };
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (Future<Boolean> there : threads.invokeAll(List.of(bring, bring))) {
          assertThat(there.get()).isTrue();
        }
      }
    }
  }

  @Test
  void aFileIsNotTakenForWholeWhenAChunkComesTwiceSinceItWasLost() throws Exception {
    byte[] content = bytes(1_500_000);
    made.segmentPerFile = true;
    made.file("one", content);
    int chunks = chunksOf(content).size();
    made.file(
        "two", join(Arrays.copyOf(content, chunksOf(content).getFirst().length()), bytes(70_000)));
    made.make();
    begin(ConflictPolicy.SKIP);
    add();
    write(0);
    change(partial().resolve("0"), 10);
    int[] neededAgain = share.add(made.segments.get(added), made.read().get(added));
    added++;
    assertThat(neededAgain).contains(0);
    assertThat(share.isDone(0)).isFalse();
    write(0);
    for (int ordinal = 1; ordinal < chunks; ordinal++) {
      assertThat(root().resolve("one")).doesNotExist();
      write(ordinal);
    }
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void aFileThatTheUserTookAwayDoesNotComeBackInParts() throws Exception {
    byte[] content = bytes(700_000);
    made.segmentPerFile = true;
    made.file("one", content).file("two", join(content, bytes(70_000))).make();
    begin(ConflictPolicy.SKIP);
    add();
    for (int ordinal = 0; ordinal < share.chunkCount(); ordinal++) {
      write(ordinal);
    }
    Files.delete(root().resolve("one"));
    fetch();
    made.files.remove("one");
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void anExistingFileThatIsChangedWhileItIsComparedDoesNotSpoilWhatComes() throws Exception {
    byte[] old = bytes(8_000_000);
    byte[] changed = old.clone();
    System.arraycopy(bytes(100_000), 0, changed, 7_000_000, 100_000);
    made.chunksPerSegment = 6;
    made.file("big", changed).make();
    put("big", old);
    begin(ConflictPolicy.OVERWRITE);
    add();
    add();
    local.known.clear();
    change(root().resolve("big"), 10);
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void aKeptFileOfWhichMoreIsToComeIsLookedAtAgainByTheNextProcess() throws Exception {
    byte[] content = bytes(8_000_000);
    made.chunksPerSegment = 6;
    made.file("big", content).make();
    put("big", Arrays.copyOf(content, 7_500_000));
    begin(ConflictPolicy.OVERWRITE);
    add();
    add();
    time.turn();
    dieAndReopen();
    assertThat(share.isDone(0)).isFalse();
    fetch();
    assertThat(tree()).isEqualTo(expected());
  }

  @Test
  void whatTheUserPutsInAPlaceMeanwhileStays() throws Exception {
    made.file("a.txt", text("theirs")).make();
    begin(ConflictPolicy.OVERWRITE);
    addAll();
    put("a.txt", text("mine"));
    write(0);
    assertThat(read("a.txt")).isEqualTo("mine");
    assertThat(read("a (1).txt")).isEqualTo("theirs");
  }

  @Test
  void aDirectoryThatBecomesALinkIsNotFollowed() throws Exception {
    made.file("mods/a", text("a")).file("mods/b", text("b")).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    write(0);
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Files.move(root().resolve("mods"), root().resolve("moved"));
    Files.createSymbolicLink(root().resolve("mods"), elsewhere);
    assertThatThrownBy(() -> share.write(1, made.chunks.get(1), 0, 1))
        .hasMessageContaining("is a link that leads elsewhere");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void directoriesThatTheUserRemovesAreMadeAgain() throws Exception {
    made.file("mods/a", text("a")).file("mods/b", text("b")).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    write(0);
    Files.delete(root().resolve("mods/a"));
    Files.delete(root().resolve("mods"));
    write(1);
    assertThat(read("mods/b")).isEqualTo("b");
  }

  @Test
  void nothingIsWrittenAfterSomethingCouldNotBe() throws Exception {
    made.file("mods/a", text("a")).file("b", text("b")).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    put("mods", text("in the way"));
    assertThatThrownBy(() -> share.write(0, made.chunks.get(0), 0, 1))
        .hasMessageContaining("is in the way");
    assertThatThrownBy(() -> share.write(1, made.chunks.get(1), 0, 1))
        .hasMessageContaining("something before could not be written");
    assertThat(root().resolve("b")).doesNotExist();
  }

  @Test
  void whatHasChangedSinceItWasReceivedIsNotGivenToOthers() throws Exception {
    made.file("one", bytes(900_000)).make();
    receive(ConflictPolicy.SKIP);
    change(root().resolve("one"), 10);
    byte[] into = new byte[Chunk.MAX_BYTES];
    assertThatThrownBy(() -> share.read(0, into, 0)).isInstanceOf(ChunkUnavailableException.class);
    assertThat(share.read(1, into, 0)).isEqualTo(made.chunks.get(1).length);
  }

  @Test
  void anEmptyDirectoryWhoseNameIsTakenByAFileIsRefusedBeforeAnythingIsWritten() throws Exception {
    made.file("a", text("a")).directory("maps").make();
    put("maps", text("a file"));
    open();
    addListing();
    assertThatThrownBy(() -> plan(_ -> true)).hasMessageContaining("is a file");
  }

  @Test
  void whatHasItsNameIsLearntWithoutBeingRead() throws Exception {
    byte[] big = bytes(3_000_000);
    made.file("small", text("small")).file("mods/big", big).make();
    receive(ConflictPolicy.SKIP);
    assertThat(local.learnt.get(root().resolve("mods/big"))).isEqualTo(chunksOf(big));
    assertThat(local.learnt.get(root().resolve("small"))).isEqualTo(chunksOf(text("small")));
  }

  @Test
  void aLinkOnTheWayIsNotFollowed() throws Exception {
    made.file("mods/a", text("a")).make();
    Path elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    Files.createDirectories(root());
    Files.createSymbolicLink(root().resolve("mods"), elsewhere);
    open();
    addListing();
    assertThatThrownBy(() -> plan(_ -> true))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is a link that leads elsewhere");
    assertThat(elsewhere).isEmptyDirectory();
  }

  @Test
  void whatIsHereCanBeReadForOthers() throws Exception {
    made.file("one", bytes(900_000)).file("two", text("2")).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    byte[] into = new byte[Chunk.MAX_BYTES];
    assertThatThrownBy(() -> share.read(0, into, 0)).isInstanceOf(IOException.class);
    for (int ordinal : ordinals()) {
      write(ordinal);
      byte[] expected = made.chunks.get(ordinal);
      assertThat(share.read(ordinal, into, 0)).isEqualTo(expected.length);
      assertThat(Arrays.copyOf(into, expected.length)).isEqualTo(expected);
    }
  }

  // --- what the tests are made of

  private Path root() {
    return temporary.resolve("destination");
  }

  private void open() throws IOException {
    database = ShareDatabase.open(temporary.resolve("share.db"));
    share = reopened();
  }

  private ReceivedShare reopened() throws IOException {
    return new ReceivedShare(database, root(), "TEST", local, time);
  }

  private void reopenAnew() throws IOException {
    close();
    ShareDatabase.delete(temporary.resolve("share.db"));
    added = 0;
  }

  private interface Change {
    void make() throws IOException;
  }

  /** What was not saved is lost, as when the process is killed. */
  private void dieAndReopen() throws IOException {
    dieAndReopen(() -> {});
  }

  private void dieAndReopen(Change meanwhile) throws IOException {
    time.due.clear();
    meanwhile.make();
    share = reopened();
  }

  /** Half of a file is there and saved. */
  private void receiveHalf() throws IOException {
    made.file("one", bytes(2_000_000)).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    for (int ordinal = 0; ordinal < share.chunkCount() / 2; ordinal++) {
      write(ordinal);
    }
    time.turn();
  }

  private Path partial() {
    return root().resolve(".warren-partial-TEST");
  }

  private static void change(Path file, long position) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap("changed".getBytes(StandardCharsets.UTF_8)), position);
    }
  }

  private static List<Chunk> chunksOf(byte[] content) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    var reader = new ChunkReader(Channels.newChannel(new ByteArrayInputStream(content)));
    while (reader.next()) {
      chunks.add(reader.chunk());
    }
    return chunks;
  }

  private void begin(ConflictPolicy policy) throws IOException {
    open();
    addListing();
    plan(_ -> true).accept(policy, _ -> {});
  }

  private void receive(ConflictPolicy policy) throws IOException {
    begin(policy);
    fetch();
  }

  private ListingPlan plan(Predicate<EntryPath> only) throws IOException {
    return ListingPlan.of(share, "test", "", SHARER, only, Optional.empty());
  }

  private void addListing() throws IOException {
    while (!database.totals().listed()) {
      add();
    }
  }

  private void add() throws IOException {
    Segment segment = made.read().get(added);
    share.add(made.segments.get(added), segment);
    added++;
  }

  private void addAll() throws IOException {
    while (added < made.segments.size()) {
      add();
    }
  }

  /** Gets all that is missing; says how many chunks that were. */
  private int fetch() throws IOException {
    addAll();
    int[] missing =
        ordinals().stream().filter(o -> !share.isDone(o)).mapToInt(Integer::intValue).toArray();
    int[] fetched = share.reuse(missing);
    for (int ordinal : fetched) {
      write(ordinal);
    }
    share.finish();
    return fetched.length;
  }

  private List<Integer> ordinals() {
    List<Integer> ordinals = new ArrayList<>();
    for (int i = 0; i < made.chunks.size(); i++) {
      ordinals.add(i);
    }
    return ordinals;
  }

  private void write(int ordinal) {
    byte[] content = made.chunks.get(ordinal);
    try {
      share.write(ordinal, content, 0, content.length);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void put(String path, byte[] content) throws IOException {
    Path file = root().resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private String read(String path) throws IOException {
    return Files.readString(root().resolve(path));
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] join(byte[]... parts) {
    var joined = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  /** Every path that is there, with a hash of what it is. */
  private Map<String, String> tree() throws IOException {
    Map<String, String> tree = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root())) {
      for (Path path : (Iterable<Path>) all::iterator) {
        String name = root().relativize(path).toString();
        if (Files.isSymbolicLink(path)) {
          tree.put(name + " -> " + Files.readSymbolicLink(path), "");
        } else if (Files.isRegularFile(path)) {
          tree.put(name, Integer.toHexString(Arrays.hashCode(Files.readAllBytes(path))));
        } else if (isEmpty(path)) {
          tree.put(name + "/", "");
        }
      }
    }
    return tree;
  }

  private static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> list = Files.list(directory)) {
      return list.findAny().isEmpty();
    }
  }

  private Map<String, String> expected(String... others) {
    Map<String, String> expected = new TreeMap<>();
    made.files.forEach(
        (name, content) -> expected.put(name, Integer.toHexString(Arrays.hashCode(content))));
    for (String other : others) {
      expected.put(other, "");
    }
    return expected;
  }

  /** Knows the files that were hashed. */
  private static final class FakeContent implements LocalContent {
    private final Map<Chunk, byte[]> known = new HashMap<>();
    private final Map<Path, List<Chunk>> learnt = new HashMap<>();

    @Override
    public Optional<KnownFile> look(Path file, LongConsumer hashed) throws IOException {
      List<Chunk> chunks = new ArrayList<>();
      var reader =
          new ChunkReader(Channels.newChannel(new ByteArrayInputStream(Files.readAllBytes(file))));
      while (reader.next()) {
        Chunk chunk = reader.chunk();
        chunks.add(chunk);
        known.put(
            chunk,
            Arrays.copyOfRange(reader.array(), reader.offset(), reader.offset() + reader.length()));
      }
      return Optional.of(new KnownFile(FileStamp.of(file), chunks.iterator()));
    }

    @Override
    public Places find(List<Chunk> chunks) {
      return (chunk, into) -> {
        byte[] content = known.get(chunk);
        if (content != null) {
          System.arraycopy(content, 0, into, 0, content.length);
        }
        return content != null;
      };
    }

    @Override
    public void learn(Path file, FileStamp stamp, Iterator<Chunk> chunks) {
      List<Chunk> all = new ArrayList<>();
      chunks.forEachRemaining(all::add);
      learnt.put(file, all);
    }

    @Override
    public void flush() {}
  }

  private static final class TurnedTime implements TimeSource {
    private final List<Runnable> due = new ArrayList<>();

    @Override
    public long nanoTime() {
      return 0;
    }

    @Override
    public Scheduled after(Duration delay, Runnable action) {
      due.add(action);
      return () -> due.remove(action);
    }

    void turn() {
      List<Runnable> now = List.copyOf(due);
      due.clear();
      now.forEach(Runnable::run);
    }
  }
}
