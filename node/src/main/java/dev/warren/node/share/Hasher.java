package dev.warren.node.share;

import dev.warren.node.share.HashingJob.Result;
import dev.warren.node.share.HashingJob.Source;
import dev.warren.node.store.HashCache;
import dev.warren.protocols.transfer.content.Chunk;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/**
 * The threads that read and hash, as many as there are processors. One for a node: however many
 * shares there are, the disk is read by so many at a time. Closing it ends what goes on.
 */
public final class Hasher implements AutoCloseable {
  private final ExecutorService threads;
  private final ThreadLocal<FileHasher> hashers;

  /** Starts no thread before there is something to hash. */
  public Hasher(HashCache cache, InstantSource clock) {
    ThreadFactory factory = Thread.ofPlatform().daemon().name("warren-hash-", 0).factory();
    this.threads =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(), factory);
    // Each has a buffer of some MiB, for as long as its thread.
    this.hashers = ThreadLocal.withInitial(() -> new FileHasher(cache, clock));
  }

  /** Begins a job when those before have been begun and a thread is free. */
  void begin(HashingJob job) {
    threads.execute(() -> run(job));
  }

  private void run(HashingJob job) {
    List<Result> done = new ArrayList<>(job.sources().size());
    try {
      for (Source source : job.sources()) {
        if (job.cancelled()) {
          return;
        }
        done.add(new Result(source, hash(job, source, done)));
      }
      job.put(done);
    } catch (InterruptedIOException e) {
      job.cancel();
    } finally {
      job.end();
    }
  }

  private HashedPart hash(HashingJob job, Source source, List<Result> done)
      throws InterruptedIOException {
    try {
      return hashers
          .get()
          .hash(
              source.path(),
              chunks -> {
                done.add(new Result(source, part(chunks)));
                boolean wanted = job.put(done);
                done.clear();
                return wanted;
              });
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      return HashedPart.lost(
          "%s is left out, since it cannot be read: %s".formatted(source.path(), e.getMessage()));
    }
  }

  private static HashedPart part(List<Chunk> chunks) {
    return new HashedPart(chunks, java.util.Optional.empty());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
