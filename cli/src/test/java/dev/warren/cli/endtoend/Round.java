package dev.warren.cli.endtoend;

import com.google.gson.JsonObject;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.node.Node;
import dev.warren.node.NodeConfig;
import dev.warren.node.ReceiveOptions;
import dev.warren.node.Warren;
import dev.warren.sharecodes.Ticket;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Shares a folder with some receivers, in processes of their own, and has things go wrong
 * meanwhile. In the end each receiver has the same folder, or said why not; and at no time is
 * anything under its name that is not whole.
 */
final class Round implements Closeable {
  private static final double SLOW_SECONDS = 2.5;
  private static final int MEBIBYTE = 1 << 20;
  private static final int FAILED = 1;
  private static final int CORRUPT = 5;

  /** What came of it: how often what happened, and how each receiver ended. */
  record Result(Map<Mishap, Integer> mishaps, List<Integer> exitCodes, long contentBytes) {}

  /** Something that goes wrong; false if it came too late. */
  private interface Action {
    boolean run() throws IOException;
  }

  private final Plan plan;
  private final Path folder;
  private final Random random;
  private final RandomTree tree;
  private final Snapshot original;
  private final SharingSide sharer;
  private final Deque<Closeable> closing = new ArrayDeque<>();
  private final List<ReceivingSide> receivers = new ArrayList<>();
  private final Map<Mishap, Integer> happened =
      Collections.synchronizedMap(new EnumMap<>(Mishap.class));
  private final ConcurrentLinkedQueue<Exception> failures = new ConcurrentLinkedQueue<>();

  /** A file that was changed, and as what. */
  private volatile Map<String, String> changed = Map.of();

  /** A round that keeps all that it needs below a folder. */
  Round(Plan plan, Path folder) throws IOException {
    this.plan = plan;
    this.folder = Files.createDirectories(folder);
    random = new Random(plan.seed());
    tree = RandomTree.make(folder.resolve("shared/mods"), random);
    original = Snapshot.of(tree.root());
    sharer = new SharingSide(folder.resolve("sharer"), tree.root());
    closing.push(sharer::close);
  }

  /**
   * Goes through with it.
   *
   * @throws ChaosException if anything is not as it has to be; says what everybody said
   */
  Result run() {
    try {
      Ticket ticket = sharer.start();
      Optional<LyingSource> liar = Optional.empty();
      if (plan.mishaps().contains(Mishap.LYING_SOURCE)) {
        liar = Optional.of(LyingSource.join(ticket));
        closing.push(liar.get()::close);
      }
      if (plan.mishaps().contains(Mishap.SHARER_LEAVES)) {
        keepAll(ticket);
      }
      for (int number = 0; number < plan.receivers(); number++) {
        addReceiver(folder.resolve("receiver" + number), ticket);
      }
      plan.mishaps().forEach(this::schedule);
      receivers.forEach(ReceivingSide::start);
      List<Integer> exitCodes = new ArrayList<>();
      for (ReceivingSide receiver : receivers) {
        exitCodes.add(judge(receiver));
      }
      liar.filter(it -> it.lies() > 0).ifPresent(_ -> count(Mishap.LYING_SOURCE));
      if (!happened.containsKey(Mishap.SHARER_LEAVES)) {
        sharer.stop();
      }
      if (!failures.isEmpty()) {
        throw failures.remove();
      }
      return new Result(happened, exitCodes, tree.contentBytes());
    } catch (Exception e) {
      failures.forEach(e::addSuppressed);
      throw new ChaosException(
          "%s failed: %s\n--- sharer\n%s--- receivers\n%s"
              .formatted(plan, e.getMessage(), sharer, receivers),
          e);
    }
  }

  /** Another source, which has all of it and stays. */
  private void keepAll(Ticket ticket) throws Exception {
    Path home = folder.resolve("keeper");
    Node node =
        Warren.start(
            NodeConfig.in(home.resolve("data"))
                .withListen(List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/0")))
                .withLan(false));
    closing.push(node::close);
    var receiving = node.receive(ReceiveOptions.of(ticket).into(home.resolve("out")));
    closing.push(receiving::close);
    receiving.await();
  }

  private void addReceiver(Path home, Ticket ticket) throws IOException {
    Path output = home.resolve("out");
    Optional<SmallDisk> disk =
        plan.mishaps().contains(Mishap.DISK_FULL)
            ? SmallDisk.at(output, diskBytes())
            : Optional.empty();
    var limit =
        plan.slow()
            ? OptionalLong.of((long) Math.max(MEBIBYTE / 4, tree.contentBytes() / SLOW_SECONDS))
            : OptionalLong.empty();
    var receiver = new ReceivingSide(home, ticket, limit, disk, output, this::requireWhole);
    receivers.add(receiver);
    closing.push(receiver::close);
  }

  /** Enough for all of it, as if nothing had holes. */
  private long diskBytes() throws IOException {
    long bytes = 8 * MEBIBYTE;
    for (String entry : original.entries().keySet()) {
      Path path = tree.root().resolve(entry);
      bytes += (8 << 10) + (Files.isRegularFile(path) ? Files.size(path) : 0);
    }
    return bytes;
  }

  // --- What goes wrong

  private void schedule(Mishap mishap) {
    ReceivingSide receiver = receivers.get(random.nextInt(receivers.size()));
    FaultyRelay relay = receiver.relay();
    switch (mishap) {
      case KILL_SHARER -> during(receiver, mishap, always(sharer::killAndStart));
      case KILL_RECEIVER -> during(receiver, mishap, receiver::kill);
      case INTERRUPT_RECEIVER -> during(receiver, mishap, receiver::interrupt);
      case CUT -> during(receiver, mishap, always(relay::cut));
      case CORRUPT -> during(receiver, mishap, always(relay::corrupt));
      case STALL -> during(receiver, mishap, receiver::stall);
      case SHARER_LEAVES -> during(receiver, mishap, always(sharer::kill));
      case CHANGE_FILE -> during(receiver, mishap, always(this::changeFile));
      case DISK_FULL -> during(receiver, mishap, receiver::fillDisk);
      case LYING_SOURCE -> {} // there from the beginning
    }
  }

  private interface Step {
    void run() throws IOException;
  }

  private static Action always(Step step) {
    return () -> {
      step.run();
      return true;
    };
  }

  /** At some point of what a receiver gets, others giving it the rest. */
  private void during(ReceivingSide receiver, Mishap mishap, Action action) {
    double part = (0.02 + 0.9 * random.nextDouble()) / plan.receivers();
    receiver
        .relay()
        .when(
            (long) (part * tree.contentBytes()),
            () -> {
              try {
                if (action.run()) {
                  count(mishap);
                }
              } catch (IOException | RuntimeException e) {
                failures.add(e);
              }
            });
  }

  private void count(Mishap mishap) {
    happened.merge(mishap, 1, Integer::sum);
  }

  private void changeFile() throws IOException {
    Path path = tree.largest();
    String entry = tree.root().relativize(path).toString();
    // Before anybody can have received it.
    byte[] content = new byte[100];
    random.nextBytes(content);
    try (var file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(file.length() / 2);
      file.write(content);
    }
    changed = Map.of(entry, Objects.requireNonNull(Snapshot.of(tree.root()).entries().get(entry)));
  }

  // --- What is to come of it

  /** How a receiver has ended, which has to be well, or for a reason. */
  private int judge(ReceivingSide receiver) throws IOException {
    WarrenProcess last = receiver.awaitEnd();
    if (last.exitCode() == FAILED && happened.containsKey(Mishap.DISK_FULL)) {
      requireClear(last);
      requireWhole(receiver.output());
      receiver.emptyDiskAndStart();
      last = receiver.awaitEnd();
    }
    requireWhole(receiver.output());
    if (last.exitCode() == CORRUPT && happened.containsKey(Mishap.CHANGE_FILE)) {
      requireClear(last);
    } else if (last.exitCode() == 0) {
      requireIdentical(receiver.output());
      receiver.requireResumed(tree.mostBytes(), plan.receivers());
    } else {
      throw new ChaosException("a receiver ended with " + last.exitCode());
    }
    return last.exitCode();
  }

  private static void requireClear(WarrenProcess failed) {
    JsonObject error = failed.last("error", Duration.ZERO).orElseThrow();
    String sentence = error.get("message").getAsString();
    if (error.get("code").getAsInt() != failed.exitCode()
        || sentence.isBlank()
        || sentence.contains("\n")
        || sentence.contains("Exception")) {
      throw new ChaosException("this is no clear error: " + error);
    }
  }

  /** All that is there under its name is as it was shared. */
  private void requireWhole(Path output) {
    try {
      Snapshot.of(output.resolve("mods"))
          .entries()
          .forEach(
              (path, entry) -> {
                if (!entry.equals(original.entries().get(path))
                    && !entry.equals(changed.get(path))) {
                  throw new ChaosException(
                      "half-written, or not of the share: '%s', %s, in place of %s"
                          .formatted(path, entry, original.entries().get(path)));
                }
              });
    } catch (IOException e) {
      throw new ChaosException("what was received cannot be read", e);
    }
  }

  /** It is whole, and nothing is missing or too much. */
  private void requireIdentical(Path output) throws IOException {
    var missing = new TreeMap<>(original.entries());
    missing.keySet().removeAll(Snapshot.of(output.resolve("mods")).entries().keySet());
    if (!missing.isEmpty()) {
      throw new ChaosException("missing after success: " + missing);
    }
    try (var inside = Files.list(output)) {
      List<String> names = inside.map(path -> path.getFileName().toString()).toList();
      if (!names.equals(List.of("mods"))) {
        throw new ChaosException("left over after success: " + names);
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (Closeable each : closing) {
      each.close();
    }
  }
}
