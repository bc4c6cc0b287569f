package dev.warren.node.receive;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.node.ConflictPolicy;
import dev.warren.node.store.FileStamp;
import dev.warren.node.store.FileSum;
import dev.warren.node.store.ShareDatabase;
import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkReader;
import dev.warren.protocols.transfer.manifest.Segment;
import dev.warren.protocols.transfer.names.EntryPath;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A share that is received onto the disk, for tests of how that goes. */
abstract class ReceivingOntoDisk {
  private static final PeerId SHARER = PrivateKey.generate(KeyType.ED25519).peerId();

  @TempDir Path temporary;

  final Random random = new Random(5);
  final MadeShare made = new MadeShare();
  final FakeContent local = new FakeContent();
  final TurnedTime time = new TurnedTime();
  ShareDatabase database;
  ReceivedShare share;
  int added;

  /** What the last fetch came to. */
  Finished finished = new Finished(new FileSum(0, 0), 0, 0, List.of());

  @AfterEach
  void close() {
    if (share != null) {
      share.close();
      database.close();
    }
  }

  Path root() {
    return temporary.resolve("destination");
  }

  void open() throws IOException {
    database = ShareDatabase.open(temporary.resolve("share.db"));
    share = reopened();
  }

  ReceivedShare reopened() throws IOException {
    return new ReceivedShare(database, root(), "TEST", local, time);
  }

  void reopenAnew() throws IOException {
    close();
    ShareDatabase.delete(temporary.resolve("share.db"));
    added = 0;
  }

  interface Change {
    void make() throws IOException;
  }

  /** What was not saved is lost, as when the process is killed. */
  void dieAndReopen() throws IOException {
    dieAndReopen(() -> {});
  }

  void dieAndReopen(Change meanwhile) throws IOException {
    time.due.clear();
    meanwhile.make();
    share = reopened();
  }

  /** Half of a file is there and saved. */
  void receiveHalf() throws IOException {
    made.file("one", bytes(2_000_000)).make();
    begin(ConflictPolicy.SKIP);
    addAll();
    for (int ordinal = 0; ordinal < share.chunkCount() / 2; ordinal++) {
      write(ordinal);
    }
    time.turn();
  }

  Path partial() {
    return root().resolve(".warren-partial-TEST");
  }

  static void change(Path file, long position) throws IOException {
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap("changed".getBytes(StandardCharsets.UTF_8)), position);
    }
  }

  static List<Chunk> chunksOf(byte[] content) throws IOException {
    List<Chunk> chunks = new ArrayList<>();
    var reader = new ChunkReader(Channels.newChannel(new ByteArrayInputStream(content)));
    while (reader.next()) {
      chunks.add(reader.chunk());
    }
    return chunks;
  }

  void begin(ConflictPolicy policy) throws IOException {
    open();
    addListing();
    accept(plan(_ -> true), policy);
  }

  void receive(ConflictPolicy policy) throws IOException {
    begin(policy);
    fetch();
  }

  void accept(ListingPlan plan, ConflictPolicy policy) throws IOException {
    plan.accept(policy, _ -> {});
    share.begin();
  }

  ListingPlan plan(Predicate<EntryPath> only) throws IOException {
    return ListingPlan.of(share, "test", "", SHARER, only, Optional.empty());
  }

  void addListing() throws IOException {
    while (!database.totals().listed()) {
      add();
    }
  }

  void add() throws IOException {
    Segment segment = made.read().get(added);
    share.add(made.segments.get(added), segment);
    added++;
  }

  void addAll() throws IOException {
    while (added < made.segments.size()) {
      add();
    }
  }

  /** Gets all that is missing; says how many chunks that were. */
  int fetch() throws IOException {
    addAll();
    int[] missing =
        ordinals().stream().filter(o -> !share.isDone(o)).mapToInt(Integer::intValue).toArray();
    int[] fetched = share.reuse(missing);
    for (int ordinal : fetched) {
      write(ordinal);
    }
    finished = share.finish();
    return fetched.length;
  }

  List<Integer> ordinals() {
    List<Integer> ordinals = new ArrayList<>();
    for (int i = 0; i < made.chunks.size(); i++) {
      ordinals.add(i);
    }
    return ordinals;
  }

  void write(int ordinal) {
    byte[] content = made.chunks.get(ordinal);
    try {
      share.write(ordinal, content, 0, content.length);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  void put(String path, byte[] content) throws IOException {
    Path file = root().resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  String read(String path) throws IOException {
    return Files.readString(root().resolve(path));
  }

  byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] join(byte[]... parts) {
    var joined = new java.io.ByteArrayOutputStream();
    for (byte[] part : parts) {
      joined.writeBytes(part);
    }
    return joined.toByteArray();
  }

  /** Every path that is there, with a hash of what it is. */
  Map<String, String> tree() throws IOException {
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

  static boolean isEmpty(Path directory) throws IOException {
    try (Stream<Path> list = Files.list(directory)) {
      return list.findAny().isEmpty();
    }
  }

  Map<String, String> expected(String... others) {
    Map<String, String> expected = new TreeMap<>();
    made.files.forEach(
        (name, content) -> expected.put(name, Integer.toHexString(Arrays.hashCode(content))));
    for (String other : others) {
      expected.put(other, "");
    }
    return expected;
  }

  /** Knows the files that were hashed. */
  static final class FakeContent implements LocalContent {
    final Map<Chunk, byte[]> known = new HashMap<>();
    final Map<Path, List<Chunk>> learnt = new HashMap<>();

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

  static final class TurnedTime implements TimeSource {
    final List<Runnable> due = new ArrayList<>();

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
