package dev.warren.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.StringTokenizer;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Watches from outside what a process and those that it starts take, to their end: nothing can be
 * read of a process that has gone. What was taken after the last look is missing.
 */
final class ProcessTree implements AutoCloseable {
  private static final long LOOK_EVERY_MILLIS = 20;

  private static final ScheduledExecutorService WATCH =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("process-trees").factory());

  private final long root;
  private final ScheduledFuture<?> looking;
  private final ReentrantLock lock = new ReentrantLock();

  /** Time by process, of all that have been seen. Guarded by the lock. */
  private final Map<Long, Duration> cpu = new HashMap<>();

  /** The most that was seen of each that lives added up. Guarded by the lock. */
  private long peakBytes;

  /** Watches a process from now on, with what it took before. */
  ProcessTree(long root) {
    this.root = root;
    this.looking =
        WATCH.scheduleAtFixedRate(this::look, 0, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** What was taken up to now. */
  ProcessMeter.Reading read() {
    look();
    lock.lock();
    try {
      return new ProcessMeter.Reading(
          cpu.values().stream().reduce(Duration.ZERO, Duration::plus), peakBytes);
    } finally {
      lock.unlock();
    }
  }

  private void look() {
    lock.lock();
    try {
      long bytes = 0;
      Deque<Long> left = new ArrayDeque<>();
      left.add(root);
      while (!left.isEmpty()) {
        long pid = left.removeFirst();
        try {
          cpu.put(pid, ProcessMeter.cpu(ProcessMeter.process(pid)));
          bytes += ProcessMeter.memory(pid, "VmHWM");
          addChildren(pid, left);
        } catch (IOException e) {
          // It has ended.
        }
      }
      peakBytes = Math.max(peakBytes, bytes);
    } finally {
      lock.unlock();
    }
  }

  /** Those that the first thread started, which is the one that does in the programs measured. */
  private static void addChildren(long pid, Deque<Long> to) throws IOException {
    Path children = Path.of("/proc/%d/task/%d/children".formatted(pid, pid));
    if (Files.exists(children)) {
      new StringTokenizer(Files.readString(children))
          .asIterator()
          .forEachRemaining(child -> to.add(Long.valueOf(child.toString())));
    }
  }

  @Override
  public void close() {
    looking.cancel(false);
  }
}
