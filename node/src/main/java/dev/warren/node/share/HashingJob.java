package dev.warren.node.share;

import dev.warren.node.store.StoredEntry;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Files that are hashed one after the other by one thread, and what was found of them, which
 * another takes out in that order. Small files come many in a job, since handing over costs more
 * than reading one.
 */
final class HashingJob {
  /** How much may wait to be taken: beyond it the hashing thread waits. */
  private static final int MAX_WAITING_PARTS = 64;

  /** A file, and where it is. */
  record Source(StoredEntry entry, Path path) {}

  /** A part, and the file that it is of. */
  record Result(Source source, HashedPart part) {}

  private final List<Source> sources;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /** Guarded by the lock. */
  private final Queue<Result> waiting = new ArrayDeque<>();

  /** Guarded by the lock. */
  private boolean ended;

  /** Guarded by the lock. */
  private boolean cancelled;

  HashingJob(List<Source> sources) {
    this.sources = List.copyOf(sources);
  }

  List<Source> sources() {
    return sources;
  }

  /**
   * Adds what has been found, in one go.
   *
   * @return whether the job is still of use
   */
  boolean put(List<Result> results) throws InterruptedIOException {
    lock.lock();
    try {
      while (waiting.size() >= MAX_WAITING_PARTS && !cancelled) {
        changed.await();
      }
      waiting.addAll(results);
      changed.signalAll();
      return !cancelled;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("hashing was interrupted");
    } finally {
      lock.unlock();
    }
  }

  /** There is nothing more to come. */
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody takes anything any more. */
  void cancel() {
    lock.lock();
    try {
      cancelled = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean cancelled() {
    lock.lock();
    try {
      return cancelled;
    } finally {
      lock.unlock();
    }
  }

  /** Whether all that there was has been taken. */
  boolean exhausted() {
    lock.lock();
    try {
      return ended && waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next result; none if it takes longer, or there is none to come. */
  Optional<Result> take(long millis) throws InterruptedException {
    lock.lock();
    try {
      long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
      while (waiting.isEmpty() && !ended && !cancelled && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      Result result = waiting.poll();
      changed.signalAll();
      return Optional.ofNullable(result);
    } finally {
      lock.unlock();
    }
  }
}
