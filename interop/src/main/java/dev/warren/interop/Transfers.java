package dev.warren.interop;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.StreamResetException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/** The clients of {@link Protocols}, on the streams of one connection. */
final class Transfers {
  private static final int OTHER_ECHOES = 5;
  private static final long OTHER_ECHO_BYTES = 1 << 20;

  /** What every yamux sender may send before the first window update. */
  private static final long INITIAL_WINDOW_BYTES = 256 * 1024;

  private static final long CHURN_BYTES = 32;

  /** What a stream that was not read for a while, and others beside it, took. */
  record Slow(Duration others, Duration slow, boolean othersFinishedFirst) {}

  /** What an end received. */
  private record Received(long bytes, ByteBuffer sum) {}

  @FunctionalInterface
  private interface Use {
    void of(Stream stream) throws IOException;
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }

  private final Connection connection;

  Transfers(Connection connection) {
    this.connection = connection;
  }

  /** Sends while it reads back, and compares. */
  void echo(long bytes) throws IOException {
    echo(bytes, () -> {});
  }

  /** Sends, half-closes, and compares with the hash that comes back. */
  void hash(long bytes) throws IOException {
    with(Protocols.HASH, stream -> finishHash(stream, send(stream, bytes, _ -> {})));
  }

  /** Echoes on many streams, none of which is half-closed before all are open and written. */
  void streams(int count, long bytes) throws IOException {
    var written = new CountDownLatch(count);
    var tasks = new ArrayList<FutureTask<Boolean>>();
    for (int i = 0; i < count; i++) {
      tasks.add(
          start(
              () -> {
                var arrived = new AtomicInteger();
                try {
                  echo(
                      bytes,
                      () -> {
                        arrived.set(1);
                        written.countDown();
                        await(written);
                      });
                } finally {
                  if (arrived.get() == 0) {
                    written.countDown(); // a stream that failed must not hold up the others
                  }
                }
                return true;
              }));
    }
    joinAll(tasks, count);
  }

  /** Opens, echoes a few bytes and closes, again and again. */
  void churn(int count, int parallel) throws IOException {
    var left = new AtomicInteger(count);
    var tasks = new ArrayList<FutureTask<Boolean>>();
    for (int i = 0; i < Math.clamp(parallel, 1, Math.max(1, count)); i++) {
      tasks.add(
          start(
              () -> {
                while (left.getAndDecrement() > 0) {
                  echo(CHURN_BYTES);
                }
                return true;
              }));
    }
    joinAll(tasks, count);
  }

  /** Has the peer reset a stream. */
  void reset() throws IOException {
    with(
        Protocols.RESET,
        stream -> {
          stream.write(new byte[] {1});
          try {
            receive(stream);
          } catch (StreamResetException e) {
            if (e.remote()) {
              return;
            }
            throw e;
          }
          throw new IOException("the stream ended cleanly, not by a reset");
        });
  }

  /** Fills a stream that the peer does not read for a while, and meanwhile uses others. */
  Slow slow(long bytes, long pauseMillis) throws IOException {
    long start = System.nanoTime();
    var stalled = new CountDownLatch(1);
    FutureTask<Duration> slow =
        start(
            () -> {
              try {
                with(Protocols.SLOW, stream -> fill(stream, bytes, pauseMillis, stalled));
                return since(start);
              } finally {
                stalled.countDown();
              }
            });
    await(stalled);
    long othersStart = System.nanoTime();
    for (int i = 0; i < OTHER_ECHOES; i++) {
      echo(OTHER_ECHO_BYTES);
    }
    Duration others = since(othersStart);
    boolean othersFinishedFirst = !slow.isDone();
    return new Slow(others, join(slow), othersFinishedFirst);
  }

  private static void fill(Stream stream, long bytes, long pauseMillis, CountDownLatch stalled)
      throws IOException {
    stream.write(ByteBuffer.allocate(Long.BYTES).putLong(pauseMillis).array());
    byte[] sum =
        send(
            stream,
            bytes,
            sent -> {
              // One buffer more than this fills the window.
              if (sent + Protocols.BUFFER_BYTES >= INITIAL_WINDOW_BYTES) {
                stalled.countDown();
              }
            });
    stalled.countDown();
    finishHash(stream, sum);
  }

  private void echo(long bytes, Step allWritten) throws IOException {
    with(
        Protocols.ECHO,
        stream -> {
          FutureTask<byte[]> sending =
              start(
                  () -> {
                    try {
                      byte[] sum = send(stream, bytes, _ -> {});
                      allWritten.run();
                      stream.closeWrite();
                      return sum;
                    } catch (IOException e) {
                      stream.reset(0); // or the other thread would read for ever
                      throw e;
                    }
                  });
          Received received = receive(stream);
          byte[] sent = join(sending);
          if (received.bytes() != bytes || !received.sum().equals(ByteBuffer.wrap(sent))) {
            throw new IOException(
                "the echo differs: sent " + bytes + " bytes, received " + received.bytes());
          }
        });
  }

  /** Opens a stream, uses it, and resets it when the use fails. */
  private void with(String protocol, Use use) throws IOException {
    Stream stream = connection.open(protocol);
    try {
      use.of(stream);
      stream.close();
    } catch (IOException | RuntimeException e) {
      stream.reset(0);
      throw e;
    }
  }

  /** Writes pseudo-random bytes and gives their hash; progress is told how many so far. */
  private static byte[] send(Duplex stream, long bytes, LongConsumer progress) throws IOException {
    MessageDigest digest = Protocols.sha256();
    var random = new SplittableRandom(bytes);
    byte[] buffer = new byte[(int) Math.min(bytes, Protocols.BUFFER_BYTES)];
    long sent = 0;
    while (sent < bytes) {
      int n = (int) Math.min(buffer.length, bytes - sent);
      random.nextBytes(buffer);
      digest.update(buffer, 0, n);
      stream.write(buffer, 0, n);
      sent += n;
      progress.accept(sent);
    }
    return digest.digest();
  }

  private static Received receive(Duplex stream) throws IOException {
    MessageDigest digest = Protocols.sha256();
    byte[] buffer = new byte[Protocols.FIRST_BUFFER_BYTES];
    long received = 0;
    int n;
    while ((n = stream.read(buffer, 0, buffer.length)) >= 0) {
      digest.update(buffer, 0, n);
      received += n;
      buffer = Protocols.forNextRead(buffer, n);
    }
    return new Received(received, ByteBuffer.wrap(digest.digest()));
  }

  private static void finishHash(Stream stream, byte[] sum) throws IOException {
    stream.closeWrite();
    byte[] theirs = stream.input().readNBytes(sum.length + 1);
    if (!Arrays.equals(theirs, sum)) {
      throw new IOException("the hash differs, " + theirs.length + " bytes came back");
    }
  }

  private static Duration since(long startNanos) {
    return Duration.ofNanos(System.nanoTime() - startNanos);
  }

  private static <T> FutureTask<T> start(Callable<T> work) {
    var task = new FutureTask<>(work);
    Thread.ofVirtual().name("transfer").start(task);
    return task;
  }

  private static void joinAll(List<FutureTask<Boolean>> tasks, int count) throws IOException {
    int failed = 0;
    IOException first = null;
    for (FutureTask<Boolean> task : tasks) {
      try {
        join(task);
      } catch (IOException e) {
        failed++;
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw new IOException(
          failed + " tasks of " + count + " streams failed: " + first.getMessage(), first);
    }
  }

  private static <T> T join(FutureTask<T> task) throws IOException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted while streams are at work");
    }
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new InterruptedIOException("interrupted while streams are at work");
    }
  }
}
