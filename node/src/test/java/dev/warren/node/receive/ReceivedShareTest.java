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
import dev.warren.node.store.PlacedChunk;
import dev.warren.node.store.ShareDatabase;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkReader;
import dev.warren.protocols.transfer.manifest.Segment;
import dev.warren.protocols.transfer.names.EntryPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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

  @Test
  void ofAChangedFileOnlyWhatChangedIsFetched() throws Exception {
    byte[] old = bytes(8_000_000);
    byte[] changed = old.clone();
    System.arraycopy(bytes(100_000), 0, changed, 6_000_000, 100_000);
    made.chunksPerSegment = 6;
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
  void afterALossOfPowerWhatWasNotForcedIsLookedAtAgain() throws Exception {
    made.file("small", text("small")).file("big", bytes(3_000_000)).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    write(0);
    time.turn();
    dieAndReopen();
    share.close();
    Files.write(root().resolve("small"), new byte[5]);
    database.putMeta("boot", "another");
    share = reopened();
    assertThat(share.isDone(0)).isFalse();
    fetch();
    assertThat(tree()).isEqualTo(expected());
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
    assertThatThrownBy(() -> share.read(0, into, 0, made.chunks.get(0).length))
        .isInstanceOf(IOException.class);
    for (int ordinal : ordinals()) {
      write(ordinal);
      byte[] expected = made.chunks.get(ordinal);
      share.read(ordinal, into, 0, expected.length);
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

  /** What was not saved is lost, as when the process is killed. */
  private void dieAndReopen() throws IOException {
    time.due.clear();
    share = reopened();
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
    return ListingPlan.of(share, "test", "", SHARER, only);
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

    @Override
    public List<Chunk> chunksOf(Path file, LongConsumer hashed) throws IOException {
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
      return chunks;
    }

    @Override
    public boolean read(Chunk chunk, byte[] into) {
      byte[] content = known.get(chunk);
      if (content != null) {
        System.arraycopy(content, 0, into, 0, content.length);
      }
      return content != null;
    }

    @Override
    public void learn(Path file, List<PlacedChunk> chunks) {}
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
