package dev.warren.cli.endtoend;

import com.google.gson.JsonObject;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.sharecodes.Ticket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** One who receives through a relay, by as many processes as it takes. */
final class ReceivingSide implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofMinutes(5);

  /** What is written is saved four times a second, on a machine that has the time. */
  private static final Duration SAVED_AFTER = Duration.ofSeconds(1);

  /** What a source may be asked for ahead, which is lost with it, or asked for elsewhere too. */
  private static final long AHEAD_BYTES = 8 << 20;

  private final Path home;
  private final Path output;
  private final Optional<SmallDisk> disk;
  private final List<String> arguments;
  private final FaultyRelay relay;
  private final Consumer<Path> requireWhole;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by lock.
  private final List<WarrenProcess> processes = new ArrayList<>();
  private OptionalLong hereBytes = OptionalLong.empty();

  /**
   * @param limit bytes a second, if it holds back
   * @param disk what it receives to, if not what we have
   * @param requireWhole looks at an output that nobody writes to at the moment
   */
  ReceivingSide(
      Path home,
      Ticket ticket,
      OptionalLong limit,
      Optional<SmallDisk> disk,
      Path output,
      Consumer<Path> requireWhole)
      throws IOException {
    this.home = Files.createDirectories(home);
    this.disk = disk;
    this.requireWhole = requireWhole;
    this.output = output;
    relay = FaultyRelay.to(ticket.addresses().getFirst().port().orElseThrow());
    var relayed =
        new Ticket(
            ticket.peer(),
            List.of(Multiaddr.parse("/ip4/127.0.0.1/tcp/" + relay.port())),
            ticket.key(),
            ticket.share());
    arguments =
        new ArrayList<>(List.of("receive", "--json", "--yes", "--no-lan", "--network", "off"));
    arguments.addAll(List.of("--data-dir", home.resolve("data").toString()));
    arguments.addAll(List.of("--listen", "/ip4/127.0.0.1/tcp/0", "-o", output.toString()));
    limit.ifPresent(bytes -> arguments.addAll(List.of("--limit-down", Long.toString(bytes))));
    arguments.add(relayed.toString());
  }

  FaultyRelay relay() {
    return relay;
  }

  /** Where we see what it has received. */
  Path output() {
    return disk.map(SmallDisk::view).orElse(output);
  }

  void start() {
    lock.lock();
    try {
      processes.add(
          WarrenProcess.start(disk.map(SmallDisk::prefix).orElse(List.of()), home, arguments));
    } catch (IOException e) {
      throw new ChaosException("a receiver cannot be started", e);
    } finally {
      lock.unlock();
    }
  }

  private WarrenProcess process() {
    lock.lock();
    try {
      return processes.getLast();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Kills it and starts it again.
   *
   * @return whether there was something to kill
   */
  boolean kill() throws IOException {
    return again(SAVED_AFTER, WarrenProcess::kill);
  }

  /** Stops it in good order, and starts it again. */
  boolean interrupt() throws IOException {
    return again(Duration.ZERO, WarrenProcess::stop);
  }

  private interface End {
    void of(WarrenProcess process) throws IOException;
  }

  private boolean again(Duration savedAfter, End end) throws IOException {
    lock.lock();
    try {
      WarrenProcess running = processes.getLast();
      if (running.hasEnded()) {
        return false;
      }
      // What came over the network, since a chunk that is in many places comes once.
      long came =
          running
              .last("progress", savedAfter)
              .map(event -> event.get("received_bytes").getAsLong())
              .orElse(0L);
      hereBytes = OptionalLong.of(hereBytes.orElse(0) + came);
      end.of(running);
      requireWhole.accept(output());
      start();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until it has said how it goes, while it gets nothing. */
  boolean stall() {
    return process().awaitNext(PATIENCE, "progress");
  }

  /** Has no room left on its disk. */
  boolean fillDisk() {
    disk.ifPresent(SmallDisk::fill);
    return disk.isPresent();
  }

  /** Has room again, and starts again. */
  void emptyDiskAndStart() throws IOException {
    disk.orElseThrow().empty();
    start();
  }

  /** Waits until the last of its processes has ended by itself; returns that. */
  WarrenProcess awaitEnd() {
    while (true) {
      WarrenProcess running = process();
      running.awaitEnd(PATIENCE);
      lock.lock();
      try {
        if (running == processes.getLast()) {
          return running;
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** If it was started again: what was here before is not fetched again. */
  void requireResumed(long totalBytes, int sources) {
    JsonObject done = process().last("done", Duration.ZERO).orElseThrow();
    long fetched = done.get("received_bytes").getAsLong();
    lock.lock();
    try {
      if (hereBytes.isPresent()
          && fetched > totalBytes - hereBytes.getAsLong() + sources * AHEAD_BYTES) {
        throw new ChaosException(
            "%d of %d bytes were here, and %d were fetched then"
                .formatted(hereBytes.getAsLong(), totalBytes, fetched));
      }
    } finally {
      lock.unlock();
    }
  }

  /** All that its processes said. */
  @Override
  public String toString() {
    lock.lock();
    try {
      var text = new StringBuilder();
      processes.forEach(text::append);
      return text.toString();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    relay.close();
    processes.forEach(WarrenProcess::close);
    disk.ifPresent(SmallDisk::close);
  }
}
