package dev.warren.protocols.transfer.fetch;

import dev.warren.protocols.transfer.content.Chunk;
import dev.warren.protocols.transfer.content.ChunkHash;
import dev.warren.protocols.transfer.serve.ChunkUnavailableException;
import dev.warren.protocols.transfer.session.TransferProtocol;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Fetches chunks on one stream: asks ahead, and checks and writes what comes. Runs on a thread of
 * its own.
 *
 * <p>How far it asks ahead follows what arrives: two seconds' worth, so that the stream is never
 * idle for as long as a round trip takes, yet little has to be asked for elsewhere when the source
 * goes or slows down.
 */
final class DataLane {
  private static final long MIN_AHEAD_BYTES = 2 << 20;
  private static final long MAX_AHEAD_BYTES = 32 << 20;
  private static final double AHEAD_SECONDS = 2;

  /** What one request should bring. */
  private static final int BATCH_BYTES = 1 << 20;

  /** Most requests that a source takes ahead. */
  private static final int MAX_REQUESTS =
      TransferProtocol.MAX_OUTSTANDING_CHUNKS / ChunkScheduler.MAX_BATCH;

  /** After so long, lanes that wait go first. */
  private static final long TURN_NANOS = Duration.ofSeconds(5).toNanos();

  private static final long RATE_WINDOW_NANOS = Duration.ofMillis(500).toNanos();

  private final Download download;
  private final ChunkScheduler.Source source;
  private final DataStream stream;
  private final boolean ofSharer;
  private final IntConsumer received;
  private final Runnable onEnd;
  private final ArrayDeque<Request> requests = new ArrayDeque<>();
  private final MessageDigest sha256 = sha256();
  private final byte[] hash = new byte[ChunkHash.BYTES];
  private boolean busy;
  private long turnBegan;
  private long askedBytes;
  private long windowStart;
  private long windowBytes;
  private double bytesPerSecond;

  private @Nullable Thread thread;
  private volatile boolean closed;
  private volatile boolean finishing;
  private volatile @Nullable IOException failure;

  /**
   * @param ofSharer whether the source is the sharer, who alone knows what nobody can give any more
   * @param received is told of the length of every chunk
   * @param onEnd is run when the lane has failed, for which see {@link #failure}, or finished
   */
  DataLane(
      Download download,
      ChunkScheduler.Source source,
      boolean ofSharer,
      DataStream stream,
      IntConsumer received,
      Runnable onEnd) {
    this.download = download;
    this.source = source;
    this.ofSharer = ofSharer;
    this.stream = stream;
    this.received = received;
    this.onEnd = onEnd;
  }

  /** Chunks that were asked for at once, and how many of them have come. */
  private static final class Request {
    private final int[] ordinals;
    private final Chunk[] chunks;
    private int arrived;

    private Request(int[] ordinals, Chunk[] chunks) {
      this.ordinals = ordinals;
      this.chunks = chunks;
    }
  }

  void start() {
    thread = Thread.ofVirtual().name("warren-lane").start(this::run);
  }

  /** Whether it asks for nothing more; from any thread. */
  boolean isEnding() {
    return closed || finishing;
  }

  /** Takes what it has asked for, and ends then; from any thread. */
  void finish() {
    finishing = true;
    download.wake();
  }

  /** From any thread. */
  void close() {
    closed = true;
    stream.close();
    download.wake();
  }

  /** Waits until the lane does nothing more. */
  void join() {
    Thread running = thread;
    boolean interrupted = false;
    while (running != null && running.isAlive()) {
      try {
        running.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What ended the lane, if it was not closed. */
  Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  private void run() {
    try {
      windowStart = now();
      while (ask()) {
        take();
      }
      if (finishing) {
        onEnd.run();
      }
    } catch (TargetException e) {
      download.fail(e);
    } catch (IOException e) {
      if (!closed) {
        failure = e;
        onEnd.run();
      }
    } catch (RuntimeException e) {
      download.fail(new IOException("writing what was received met a fault: " + e, e));
    } finally {
      rest();
      stream.close();
    }
  }

  /** Asks for more, waiting if nothing is on its way; false when the lane is at its end. */
  private boolean ask() throws IOException {
    while (!finishing
        && (requests.isEmpty() || (askedBytes < aheadBytes() && requests.size() < MAX_REQUESTS))) {
      int[] assigned =
          busy ? download.assign(source, batchSize(), now() - turnBegan > TURN_NANOS) : new int[0];
      if (assigned.length == 0) {
        if (!requests.isEmpty()) {
          return true;
        }
        rest();
        assigned = download.awaitTurn(source, batchSize(), this);
        if (assigned.length == 0) {
          return false;
        }
        busy = true;
        turnBegan = now();
      }
      int[] ordinals = withoutReused(assigned);
      if (ordinals.length > 0) {
        Request request = new Request(ordinals, chunks(ordinals));
        for (Chunk chunk : request.chunks) {
          askedBytes += chunk.length();
        }
        requests.add(request);
        stream.want(ordinals);
      }
    }
    return !requests.isEmpty();
  }

  /** Lets other lanes have their turn while this one waits. */
  private void rest() {
    if (busy) {
      busy = false;
      stream.rest();
      download.rest();
    }
  }

  private int[] withoutReused(int[] assigned) throws TargetException {
    int[] remaining;
    try {
      remaining = download.target().reuse(assigned);
    } catch (IOException e) {
      throw new TargetException(e);
    }
    if (remaining.length < assigned.length) {
      int next = 0;
      for (int ordinal : assigned) {
        if (next < remaining.length && remaining[next] == ordinal) {
          next++;
        } else {
          download.done(Optional.of(source), ordinal, 0);
        }
      }
    }
    return remaining;
  }

  private Chunk[] chunks(int[] ordinals) throws TargetException {
    var chunks = new Chunk[ordinals.length];
    try {
      for (int i = 0; i < ordinals.length; ) {
        int run = 1;
        while (i + run < ordinals.length && ordinals[i + run] == ordinals[i] + run) {
          run++;
        }
        List<Chunk> some = download.target().chunks(ordinals[i], run);
        for (Chunk chunk : some) {
          chunks[i++] = chunk;
        }
      }
    } catch (IOException e) {
      throw new TargetException(e);
    }
    return chunks;
  }

  private void take() throws IOException {
    Request request = requests.element();
    int ordinal = request.ordinals[request.arrived];
    Chunk expected = request.chunks[request.arrived];
    request.arrived++;
    if (request.arrived == request.ordinals.length) {
      requests.remove();
    }
    askedBytes -= expected.length();
    try {
      int length = stream.next();
      check(expected, ordinal, length);
      arrived(ordinal, length);
    } catch (ChunkUnavailableException e) {
      boolean forGood = ofSharer && e.reason() != ChunkUnavailableException.Reason.NOT_HERE;
      download.cannotGive(source, ordinal, forGood);
    }
  }

  private void check(Chunk expected, int ordinal, int length) throws LyingSourceException {
    sha256.update(stream.array(), stream.offset(), length);
    try {
      sha256.digest(hash, 0, hash.length);
    } catch (java.security.DigestException e) {
      throw new IllegalStateException(e);
    }
    if (length != expected.length() || !expected.hash().matches(hash)) {
      throw new LyingSourceException(
          "chunk %d from the source is not what the sharer signed".formatted(ordinal));
    }
  }

  private void arrived(int ordinal, int length) throws TargetException {
    if (!download.isDone(ordinal)) {
      try {
        download.target().write(ordinal, stream.array(), stream.offset(), length);
      } catch (IOException e) {
        throw new TargetException(e);
      }
    }
    download.done(Optional.of(source), ordinal, length);
    received.accept(length);
    measure(length);
  }

  private void measure(int length) {
    windowBytes += length;
    long elapsed = now() - windowStart;
    if (elapsed >= RATE_WINDOW_NANOS) {
      bytesPerSecond = windowBytes * 1e9 / elapsed;
      windowStart += elapsed;
      windowBytes = 0;
    }
  }

  private long aheadBytes() {
    return Math.clamp((long) (bytesPerSecond * AHEAD_SECONDS), MIN_AHEAD_BYTES, MAX_AHEAD_BYTES);
  }

  private int batchSize() {
    return Math.clamp(
        BATCH_BYTES / download.target().averageChunkBytes(), 1, ChunkScheduler.MAX_BATCH);
  }

  private long now() {
    return download.time().nanoTime();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
