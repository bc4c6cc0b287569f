package dev.warren.libp2p.mux.yamux;

import static dev.warren.libp2p.mux.yamux.FrameHeader.ACK;
import static dev.warren.libp2p.mux.yamux.FrameHeader.FIN;
import static dev.warren.libp2p.mux.yamux.FrameHeader.RST;
import static dev.warren.libp2p.mux.yamux.FrameHeader.SYN;
import static dev.warren.libp2p.mux.yamux.FrameType.DATA;
import static dev.warren.libp2p.mux.yamux.FrameType.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.MuxedStream;
import dev.warren.libp2p.transport.StreamClosedException;
import dev.warren.libp2p.transport.StreamResetException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One stream, seen by the peer at the level of frames. */
@Timeout(30)
class YamuxStreamTest {
  private static final int WINDOW = ReceiveWindow.INITIAL_BYTES;

  /** The payload of a frame that fills a noise record. */
  private static final int FULL = 65_507;

  private final RawPeer peer = RawPeer.listening(YamuxSettings.defaults());

  @Test
  void saysNothingUntilItHasSomethingToSay() throws Exception {
    MuxedStream silent = peer.connection.openStream();
    MuxedStream stream = peer.connection.openStream();
    stream.write(new byte[] {1, 2, 3});

    assertThat(peer.next().is(DATA, SYN, 1, 3)).isTrue();
    silent.close();
    peer.settle();
    assertThat(peer.connection.streamCount()).isEqualTo(1);
  }

  @Test
  void announcesItselfBeforeItWaitsForThePeer() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    var read = Background.get(() -> stream.read(new byte[10], 0, 10));

    assertThat(peer.next().is(WINDOW_UPDATE, SYN, 1, 0)).isTrue();
    peer.sendData(ACK, 1, new byte[4]);
    assertThat(read.get()).isEqualTo(4);
  }

  @Test
  void aReadDoesNotWaitAfterItsBytesWereAwaited() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    var awaited =
        Background.get(
            () -> {
              stream.awaitReadable();
              return stream.available();
            });

    assertThat(peer.next().is(WINDOW_UPDATE, SYN, 1, 0)).isTrue();
    peer.sendData(ACK, 1, new byte[4]);
    assertThat(awaited.get()).isEqualTo(4);
    assertThat(stream.read(new byte[10], 0, 10)).isEqualTo(4);
  }

  @Test
  void whoAwaitsBytesIsToldOfTheEndByTheRead() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    var read =
        Background.get(
            () -> {
              stream.awaitReadable();
              return stream.read(new byte[10], 0, 10);
            });

    assertThat(peer.next().is(WINDOW_UPDATE, SYN, 1, 0)).isTrue();
    peer.send(WINDOW_UPDATE, ACK | FIN, 1, 0);
    assertThat(read.get()).isEqualTo(-1);
  }

  @Test
  void aRestThatIsNotWorthAFrameGoesWithTheOneBeforeIt() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    var written = Background.get(() -> write(stream, FULL + 4095));
    assertThat(peer.next().is(DATA, SYN, 1, FULL + 4095)).isTrue();
    written.get();

    written = Background.get(() -> write(stream, FULL + 4096));
    assertThat(peer.next().is(DATA, 0, 1, FULL)).isTrue();
    assertThat(peer.next().is(DATA, 0, 1, 4096)).isTrue();
    written.get();
  }

  private static int write(MuxedStream stream, int bytes) throws IOException {
    stream.write(new byte[bytes]);
    return bytes;
  }

  @Test
  void announcesItselfByItsEnd() throws Exception {
    peer.connection.openStream().closeWrite();

    assertThat(peer.next().is(WINDOW_UPDATE, SYN | FIN, 1, 0)).isTrue();
  }

  @Test
  void acknowledgesWithTheFirstData() throws Exception {
    peer.sendData(SYN, 2, new byte[] {1});
    MuxedStream stream = peer.accept();
    stream.read(new byte[1], 0, 1);
    stream.write(new byte[5]);
    stream.write(new byte[6]);

    assertThat(peer.next().is(DATA, ACK, 2, 5)).isTrue();
    assertThat(peer.next().is(DATA, 0, 2, 6)).isTrue();
  }

  @Test
  void acknowledgesBeforeItWaitsForThePeer() throws Exception {
    peer.send(WINDOW_UPDATE, SYN, 2, 0);
    MuxedStream stream = peer.accept();
    var read = Background.get(() -> stream.read(new byte[10], 0, 10));

    assertThat(peer.next().is(WINDOW_UPDATE, ACK, 2, 0)).isTrue();
    peer.send(DATA, FIN, 2, 0);
    assertThat(read.get()).isEqualTo(-1);
  }

  @Test
  void acknowledgesByItsEnd() throws Exception {
    peer.send(WINDOW_UPDATE, SYN, 2, 0);
    peer.accept().close();

    assertThat(peer.next().is(WINDOW_UPDATE, ACK | FIN, 2, 0)).isTrue();
  }

  @Test
  void cutsALongWriteIntoFramesThatFillANoiseRecord() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    byte[] bytes = new byte[150_000];
    bytes[149_999] = 9;
    stream.write(bytes);

    assertThat(peer.next().is(DATA, SYN, 1, 65_507)).isTrue();
    assertThat(peer.next().is(DATA, 0, 1, 65_507)).isTrue();
    RawPeer.Frame last = peer.next();
    assertThat(last.is(DATA, 0, 1, 150_000 - 2 * 65_507)).isTrue();
    assertThat(last.payload()[(int) last.length() - 1]).isEqualTo((byte) 9);
  }

  @Test
  void stopsAtTheWindowAndGoesOnWithTheCredit() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    var written = Background.run(() -> stream.write(new byte[WINDOW + 10]));
    long received = 0;
    while (received < WINDOW) {
      received += peer.next().length();
    }
    assertThat(received).isEqualTo(WINDOW);
    peer.settle();
    assertThat(written).isNotDone();

    peer.send(WINDOW_UPDATE, ACK, 1, 4);
    assertThat(peer.next().is(DATA, 0, 1, 4)).isTrue();
    peer.send(WINDOW_UPDATE, 0, 1, 100);
    assertThat(peer.next().is(DATA, 0, 1, 6)).isTrue();
    written.get();
  }

  @Test
  void addsTheCreditOfTheOpeningFrameToTheFirstWindow() throws Exception {
    peer.send(WINDOW_UPDATE, SYN, 2, 1_000);
    MuxedStream stream = peer.accept();
    stream.write(new byte[WINDOW + 1_000]);

    long received = 0;
    while (received < WINDOW + 1_000) {
      received += peer.next().length();
    }
    assertThat(received).isEqualTo(WINDOW + 1_000);
  }

  @Test
  void givesCreditForHalfAWindowAtOnce() throws Exception {
    peer.sendData(SYN, 2, new byte[WINDOW / 2]);
    MuxedStream stream = peer.accept();
    stream.readFully(new byte[WINDOW / 2], 0, WINDOW / 2);

    assertThat(peer.next().is(WINDOW_UPDATE, ACK, 2, WINDOW / 2)).isTrue();
  }

  @Test
  void readsOnAfterItsOwnEnd() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    stream.write(new byte[1]);
    stream.closeWrite();
    stream.closeWrite();
    peer.sendData(ACK, 1, new byte[70_000]);
    peer.send(WINDOW_UPDATE, FIN, 1, 0);

    stream.readFully(new byte[70_000], 0, 70_000);
    assertThat(stream.read(new byte[1], 0, 1)).isEqualTo(-1);
    assertThat(stream.read(new byte[1], 0, 1)).isEqualTo(-1);
    assertThat(peer.connection.streamCount()).isZero();
    assertThatThrownBy(() -> stream.write(new byte[1])).isInstanceOf(StreamClosedException.class);
    peer.next();
    assertThat(peer.next().is(WINDOW_UPDATE, FIN, 1, 0)).isTrue();
  }

  @Test
  void writesOnAfterThePeersEnd() throws Exception {
    peer.sendData(SYN | FIN, 2, new byte[] {5});
    MuxedStream stream = peer.accept();
    assertThat(stream.read(new byte[9], 0, 9)).isEqualTo(1);
    assertThat(stream.read(new byte[9], 0, 9)).isEqualTo(-1);
    stream.write(new byte[3]);
    stream.closeWrite();

    assertThat(peer.next().is(DATA, ACK, 2, 3)).isTrue();
    assertThat(peer.next().is(WINDOW_UPDATE, FIN, 2, 0)).isTrue();
    assertThat(peer.connection.streamCount()).isZero();
  }

  @Test
  void tellsThePeerTheCodeOfAReset() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    stream.write(new byte[1]);
    var read = Background.get(() -> stream.read(new byte[1], 0, 1));
    peer.next();
    stream.reset(0xdeadbeefL);
    stream.reset(1);
    stream.close();

    assertThat(peer.next().is(WINDOW_UPDATE, RST, 1, 0xdeadbeefL)).isTrue();
    assertReset(catchThrowable(read::join).getCause(), 0xdeadbeefL, false);
    assertReset(catchThrowable(() -> stream.write(new byte[1])), 0xdeadbeefL, false);
    peer.settle();
    assertThat(peer.connection.streamCount()).isZero();
  }

  @Test
  void saysNothingAboutTheResetOfAStreamThatThePeerDoesNotKnow() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    stream.reset(1);
    assertThatThrownBy(() -> stream.write(new byte[1])).isInstanceOf(StreamResetException.class);
    peer.connection.openStream().write(new byte[1]);

    assertThat(peer.next().is(DATA, SYN, 1, 1)).isTrue();
  }

  @Test
  void learnsTheCodeOfThePeersReset() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    var read = Background.get(() -> stream.read(new byte[1], 0, 1));
    peer.next();
    peer.send(WINDOW_UPDATE, RST, 1, 42);

    assertReset(catchThrowable(read::join).getCause(), 42, true);
    assertReset(catchThrowable(() -> stream.write(new byte[1])), 42, true);
    assertReset(catchThrowable(stream::closeWrite), 42, true);
    assertThat(peer.connection.streamCount()).isZero();
    stream.close();
    stream.reset(1);
    peer.settle();
  }

  @Test
  void takesAResetByADataFrameForOneWithoutCode() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    stream.write(new byte[1]);
    peer.sendData(ACK, 1, new byte[5]);
    peer.sendData(RST, 1, new byte[7]);
    peer.settle();

    assertReset(catchThrowable(() -> stream.read(new byte[1], 0, 1)), 0, true);
  }

  @Test
  void releasesABlockedWriterOnReset() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    var written = Background.run(() -> stream.write(new byte[WINDOW + 1]));
    for (long received = 0; received < WINDOW; ) {
      received += peer.next().length();
    }
    peer.send(WINDOW_UPDATE, RST, 1, 3);

    assertReset(catchThrowable(written::join).getCause(), 3, true);
  }

  @Test
  void keepsWhatWasCompleteWhenThePeerResetsTheOtherHalf() throws Exception {
    peer.sendData(SYN | FIN, 2, new byte[] {1, 2});
    peer.send(WINDOW_UPDATE, RST, 2, 9);
    peer.settle();
    MuxedStream stream = peer.accept();

    assertThat(stream.read(new byte[9], 0, 9)).isEqualTo(2);
    assertThat(stream.read(new byte[9], 0, 9)).isEqualTo(-1);
    assertReset(catchThrowable(() -> stream.write(new byte[1])), 9, true);
  }

  @Test
  void dropsWhatComesAfterTheReadingHalfIsClosed() throws Exception {
    peer.sendData(SYN, 2, new byte[] {1});
    MuxedStream stream = peer.accept();
    stream.closeRead();
    peer.sendData(0, 2, new byte[] {2});
    peer.settle();

    assertThatThrownBy(() -> stream.read(new byte[1], 0, 1))
        .isInstanceOf(StreamClosedException.class);
    stream.write(new byte[1]);
    assertThat(peer.next().is(DATA, ACK, 2, 1)).isTrue();
  }

  @Test
  void endsABlockedReadWhenItIsClosed() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    var read = Background.get(() -> stream.read(new byte[1], 0, 1));
    assertThat(peer.next().is(WINDOW_UPDATE, SYN, 1, 0)).isTrue();
    stream.close();

    assertThat(catchThrowable(read::join)).hasCauseInstanceOf(StreamClosedException.class);
    assertThat(peer.next().is(WINDOW_UPDATE, FIN, 1, 0)).isTrue();
  }

  @Test
  void isCountedUntilThePeerHasFinished() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    stream.write(new byte[1]);
    stream.close();
    assertThat(peer.connection.streamCount()).isEqualTo(1);

    peer.sendData(ACK | FIN, 1, new byte[100]);
    peer.settle();
    assertThat(peer.connection.streamCount()).isZero();
  }

  @Test
  void isResetWhenThePeerDoesNotFinishInTime() throws Exception {
    Duration never = Duration.ofDays(1); // no keepalive comes between
    Duration linger = Duration.ofSeconds(60);
    RawPeer slow = RawPeer.listening(YamuxSettings.defaults().withTimes(never, never, linger));
    MuxedStream early = slow.connection.openStream();
    MuxedStream late = slow.connection.openStream();
    early.write(new byte[1]);
    late.write(new byte[1]);
    early.close();
    slow.time.advance(Duration.ofSeconds(5));
    late.close();
    slow.settle();
    slow.time.advance(Duration.ofSeconds(55));

    assertThat(slow.next().is(WINDOW_UPDATE, RST, 1, 0)).isTrue();
    assertThat(slow.connection.streamCount()).isEqualTo(1);
    slow.time.advance(Duration.ofSeconds(5));
    assertThat(slow.next().is(WINDOW_UPDATE, RST, 3, 0)).isTrue();
    assertThat(slow.connection.streamCount()).isZero();
  }

  @Test
  void givesAReadUpInTimeAndLosesNothing() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    stream.setReadTimeout(Duration.ofSeconds(3));
    var read = Background.get(() -> stream.read(new byte[10], 0, 10));
    peer.next();
    peer.time.awaitTimer(Duration.ofSeconds(3));
    peer.time.advance(Duration.ofSeconds(3));
    assertThat(catchThrowable(read::join)).hasCauseInstanceOf(SocketTimeoutException.class);

    peer.sendData(ACK, 1, new byte[4]);
    assertThat(stream.read(new byte[10], 0, 10)).isEqualTo(4);
  }

  @Test
  void measuresEachReadAnewThoughTheTimerIsShared() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    stream.setReadTimeout(Duration.ofSeconds(3));
    var first = Background.get(() -> stream.read(new byte[10], 0, 10));
    peer.next();
    peer.time.awaitTimer(Duration.ofSeconds(3));
    peer.time.advance(Duration.ofSeconds(2));
    peer.sendData(ACK, 1, new byte[4]);
    assertThat(first.get()).isEqualTo(4);
    stream.write(new byte[1]);
    peer.next();

    var waiting = new CompletableFuture<Void>();
    var second =
        Background.get(
            () -> {
              waiting.complete(null);
              return stream.read(new byte[10], 0, 10);
            });
    waiting.get();
    peer.time.advance(Duration.ofSeconds(1)); // the first timer
    assertThat(second).isNotDone();
    peer.time.awaitTimer(Duration.ofSeconds(3));
    peer.time.advance(Duration.ofSeconds(3));
    assertThat(catchThrowable(second::join)).hasCauseInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void givesAWriteUpWhenThePeerMakesNoRoomInTime() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    stream.setWriteTimeout(Duration.ofSeconds(3));
    var written = Background.run(() -> stream.write(new byte[WINDOW + 1]));
    for (long received = 0; received < WINDOW; ) {
      received += peer.next().length();
    }
    peer.time.awaitTimer(Duration.ofSeconds(3));
    peer.time.advance(Duration.ofSeconds(3));

    assertThat(catchThrowable(written::join)).hasCauseInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void leavesNoTimerBehind() throws Exception {
    MuxedStream stream = peer.connection.openStream();
    stream.setReadTimeout(Duration.ofSeconds(3));
    var read = Background.get(() -> stream.read(new byte[10], 0, 10));
    peer.next();
    peer.time.awaitTimer(Duration.ofSeconds(3));
    peer.send(DATA, ACK | FIN, 1, 0);
    assertThat(read.get()).isEqualTo(-1);
    stream.close();
    peer.connection.close();
    peer.end();

    assertThat(peer.time.timers()).isZero();
  }

  @Test
  void deliversWhatHadArrivedWhenTheConnectionEnded() throws Exception {
    peer.sendData(SYN, 2, new byte[] {1, 2, 3});
    MuxedStream stream = peer.accept();
    peer.nextPing(SYN); // or its failure could be what ends the connection
    peer.pipe.close();
    peer.end();

    assertThat(stream.read(new byte[9], 0, 9)).isEqualTo(3);
    assertThatThrownBy(() -> stream.read(new byte[9], 0, 9))
        .isInstanceOf(ConnectionClosedException.class)
        .hasCauseInstanceOf(ConnectionClosedException.class);
    assertThatThrownBy(() -> stream.write(new byte[9]))
        .isInstanceOf(ConnectionClosedException.class);
    stream.close();
  }

  @Test
  void endsAWriteThatTheChannelHoldsUpWhenTheConnectionIsClosed() throws Exception {
    RawPeer deaf = new RawPeer(YamuxSettings.defaults(), true, 64, RawPeer::acceptAll);
    MuxedStream stream = deaf.connection.openStream();
    var written = Background.run(() -> stream.write(new byte[1_000]));
    byte[] some = new byte[FrameHeader.BYTES];
    deaf.pipe.readFully(some, 0, some.length); // the write has begun, and the pipe holds no more
    var closed = Background.run(deaf.connection::close);
    deaf.time.awaitTimer(Duration.ofSeconds(1));
    deaf.time.advance(Duration.ofSeconds(1));

    closed.get();
    assertThat(deaf.end()).isExactlyInstanceOf(ConnectionClosedException.class);
    assertThat(catchThrowable(written::join).getCause())
        .isInstanceOf(ConnectionClosedException.class)
        .hasCause(deaf.end());
  }

  @Test
  void mayBeResetOrClosedByTheAcceptor() throws Exception {
    RawPeer strict =
        new RawPeer(
            YamuxSettings.defaults(),
            false,
            1 << 16,
            (self, stream) -> {
              if (self.accepted.isEmpty()) {
                stream.reset(5);
              } else {
                stream.close();
              }
              return self.accepted.add(stream);
            });
    strict.send(WINDOW_UPDATE, SYN, 1, 0);
    assertThat(strict.next().is(WINDOW_UPDATE, RST, 1, 5)).isTrue();
    strict.send(WINDOW_UPDATE, SYN, 3, 0);
    assertThat(strict.next().is(WINDOW_UPDATE, ACK | FIN, 3, 0)).isTrue();
  }

  private static void assertReset(Throwable thrown, long code, boolean remote) {
    assertThat(thrown).isInstanceOf(StreamResetException.class);
    assertThat(((StreamResetException) thrown).code()).isEqualTo(code);
    assertThat(((StreamResetException) thrown).remote()).isEqualTo(remote);
  }
}
