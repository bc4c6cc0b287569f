package dev.warren.libp2p.mux.yamux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.MuxedStream;
import dev.warren.libp2p.transport.StreamClosedException;
import dev.warren.libp2p.transport.StreamResetException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two ends and many threads. */
@Timeout(60)
class YamuxConcurrencyTest {

  @Test
  void letsNoSlowStreamHoldUpTheOthers() throws Exception {
    CountDownLatch othersDone = new CountDownLatch(1);
    try (Ends ends =
        new Ends(
            YamuxSettings.defaults(),
            1 << 14,
            stream -> {
              byte[] kind = new byte[1];
              stream.readFully(kind, 0, 1);
              if (kind[0] == 1) {
                othersDone.await();
              }
              Ends.echo(stream);
            })) {
      MuxedStream slow = ends.dialer.openStream();
      slow.write(new byte[] {1});
      CompletableFuture<Void> slowDone =
          Background.run(
              () -> {
                slow.write(new byte[2 << 20]);
                slow.closeWrite();
              });
      CompletableFuture<Void> slowRead = Background.run(() -> drain(slow, 2 << 20));
      for (int i = 0; i < 20; i++) {
        MuxedStream quick = ends.dialer.openStream();
        quick.write(new byte[] {0});
        quick.write(new byte[100_000]);
        quick.closeWrite();
        drain(quick, 100_000);
      }
      assertThat(slowDone).isNotDone();
      othersDone.countDown();
      slowDone.get();
      slowRead.get();
      assertThat(ends.failed).isNotDone();
    }
  }

  /** Each frame is small and waits for its echo: one that stays in the buffer would never come. */
  @Test
  void leavesNoFrameInTheBufferHoweverManyWrite() throws Exception {
    try (Ends ends = new Ends(YamuxSettings.defaults(), 1 << 10, Ends::echo)) {
      List<CompletableFuture<Void>> writers = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        MuxedStream stream = ends.dialer.openStream();
        int size = 1 + i * 3;
        writers.add(
            Background.run(
                () -> {
                  byte[] bytes = new byte[size];
                  for (int round = 0; round < 500; round++) {
                    stream.write(bytes);
                    stream.readFully(bytes, 0, size);
                  }
                  stream.closeWrite();
                  drain(stream, 0);
                }));
      }
      for (CompletableFuture<Void> writer : writers) {
        writer.get();
      }
    }
  }

  @Test
  void settlesWhenBothEndsResetAndCloseAtTheSameTime() throws Exception {
    BlockingQueue<MuxedStream> accepted = new LinkedBlockingQueue<>();
    try (Ends ends =
        new Ends(
            YamuxSettings.defaults(),
            1 << 12,
            stream -> {
              accepted.add(stream);
              expectEnd(() -> Ends.echo(stream));
            })) {
      Random random = new Random(1);
      for (int i = 0; i < 500; i++) {
        MuxedStream ours = ends.dialer.openStream();
        ours.write(new byte[100]);
        MuxedStream theirs = accepted.take();
        List<CompletableFuture<Void>> racing = new ArrayList<>();
        racing.add(Background.run(() -> expectEnd(() -> ours.write(new byte[300_000]))));
        racing.add(Background.run(() -> expectEnd(() -> drain(ours, -1))));
        racing.add(random.nextBoolean() ? Background.run(ours::close) : reset(ours));
        racing.add(random.nextBoolean() ? Background.run(theirs::close) : reset(theirs));
        for (CompletableFuture<Void> one : racing) {
          one.get();
        }
        ours.reset(0);
        theirs.reset(0);
      }
      ends.dialer.ping();
      ends.listener.ping();
      ends.dialer.ping();
      assertThat(ends.dialer.streamCount()).isZero();
      assertThat(ends.listener.streamCount()).isZero();
    }
  }

  @Test
  void releasesEveryThreadWhenTheConnectionIsClosed() throws Exception {
    Ends ends =
        new Ends(YamuxSettings.defaults(), 1 << 16, stream -> stream.read(new byte[1], 0, 1));
    List<CompletableFuture<Void>> blocked = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      MuxedStream stream = ends.dialer.openStream();
      blocked.add(Background.run(() -> stream.write(new byte[1 << 20])));
      blocked.add(Background.run(() -> stream.read(new byte[1], 0, 1)));
    }
    ends.dialer.ping();
    ends.close();

    for (CompletableFuture<Void> one : blocked) {
      assertThat(catchThrowable(one::join)).hasCauseInstanceOf(ConnectionClosedException.class);
    }
    assertThat(ends.time.timers()).isZero();
    assertThat(ends.dialer.streamCount()).isZero();
    assertThat(ends.listener.streamCount()).isZero();
  }

  /** An interrupted write closes a socket's channel, and with it everybody's streams. */
  @Test
  void writesNothingOnAnInterruptedThread() throws Exception {
    List<Boolean> interrupted = new ArrayList<>();
    Pipe pipe = Pipe.pair(1 << 20)[0];
    pipe.beforeEachWrite(() -> interrupted.add(Thread.currentThread().isInterrupted()));
    YamuxConnection connection =
        new YamuxConnection(
            pipe, YamuxSettings.defaults(), new SpareBlocks(), new ManualTime(), true);
    MuxedStream stream = connection.openStream();
    Thread.currentThread().interrupt();
    stream.write(new byte[100_000]);
    stream.closeWrite();
    stream.reset(1);

    assertThat(Thread.interrupted()).as("the caller still learns of it").isTrue();
    assertThat(interrupted).hasSizeGreaterThan(2).doesNotContain(true);
  }

  @Test
  void worksOnAfterItHasBeenTrimmed() throws Exception {
    try (Ends ends = new Ends(YamuxSettings.defaults(), 1 << 16, Ends::echo)) {
      for (int i = 0; i < 5; i++) {
        MuxedStream stream = ends.dialer.openStream();
        CompletableFuture<Void> written =
            Background.run(
                () -> {
                  stream.write(new byte[300_000]);
                  stream.closeWrite();
                });
        drain(stream, 300_000);
        written.get();
        ends.dialer.trim();
        ends.listener.trim();
        ends.dialer.trim();
        ends.listener.trim();
      }
    }
  }

  private static CompletableFuture<Void> reset(MuxedStream stream) {
    return Background.run(() -> stream.reset(7));
  }

  private static void expectEnd(Background.Action action) throws Exception {
    try {
      action.run();
    } catch (StreamResetException | StreamClosedException e) {
      // One of the two, as the race has it.
    }
  }

  /** Reads to the end and checks the number of bytes; any number when it is negative. */
  private static void drain(MuxedStream stream, int expected) throws IOException {
    byte[] bytes = new byte[10_000];
    int total = 0;
    for (int n = stream.read(bytes, 0, bytes.length);
        n >= 0;
        n = stream.read(bytes, 0, bytes.length)) {
      total += n;
    }
    if (expected >= 0) {
      assertThat(total).isEqualTo(expected);
    }
  }
}
