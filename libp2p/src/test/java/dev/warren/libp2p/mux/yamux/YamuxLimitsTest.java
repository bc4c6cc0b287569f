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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many streams there may be. */
@Timeout(30)
class YamuxLimitsTest {
  private static final int BACKLOG = 256;

  @Test
  void waitsForAnAcknowledgementBeforeItBeginsThe257thStream() throws Exception {
    RawPeer peer = RawPeer.listening(YamuxSettings.defaults());
    open(peer, BACKLOG);
    CompletableFuture<Void> waiting = begin(peer.connection.openStream());
    peer.settle();
    assertThat(waiting).isNotDone();

    peer.send(WINDOW_UPDATE, ACK, 3, 0);
    waiting.get();
    CompletableFuture<Void> next = begin(peer.connection.openStream());
    peer.send(WINDOW_UPDATE, ACK, 3, 0); // says nothing new
    peer.settle();
    assertThat(next).isNotDone();
    peer.sendData(ACK, 5, new byte[1]);
    next.get();
  }

  /** A stream that was not used yet can be acknowledged by nobody. */
  @Test
  void letsOneThreadOpenManyStreamsBeforeItUsesTheFirst() throws Exception {
    try (Ends ends = new Ends(YamuxSettings.defaults(), 1 << 16, Ends::echo)) {
      List<MuxedStream> streams = new ArrayList<>();
      for (int i = 0; i < 2 * BACKLOG; i++) {
        streams.add(ends.dialer.openStream());
      }
      for (MuxedStream stream : streams) {
        stream.write(new byte[1]);
      }
      for (MuxedStream stream : streams) {
        assertThat(stream.read(new byte[2], 0, 2)).isEqualTo(1);
        stream.close();
      }
    }
  }

  @Test
  void goesOnBeginningWhenAStreamIsResetByEitherEnd() throws Exception {
    RawPeer peer = RawPeer.listening(YamuxSettings.defaults());
    List<MuxedStream> streams = open(peer, BACKLOG);
    CompletableFuture<Void> first = begin(peer.connection.openStream());
    CompletableFuture<Void> second = begin(peer.connection.openStream());

    peer.send(WINDOW_UPDATE, RST, 1, 0);
    streams.get(9).reset(0);

    first.get();
    second.get();
  }

  @Test
  void takesOneTurnForTheReaderAndTheWriterOfAStream() throws Exception {
    RawPeer peer = RawPeer.listening(YamuxSettings.defaults());
    open(peer, BACKLOG);
    MuxedStream stream = peer.connection.openStream();
    var read = Background.get(() -> stream.read(new byte[2], 0, 2));
    var closed = Background.run(stream::closeWrite);
    peer.settle();

    peer.send(WINDOW_UPDATE, ACK, 1, 0);
    closed.get();
    peer.sendData(ACK, 2 * BACKLOG + 1, new byte[1]);
    assertThat(read.get()).isEqualTo(1);
    begin(peer.connection.openStream()).get();
    CompletableFuture<Void> tooMany = begin(peer.connection.openStream());
    peer.settle();
    assertThat(tooMany).isNotDone();
  }

  @Test
  void stopsWaitingForItsTurnWhenThePeerTakesNothingInTime() throws Exception {
    RawPeer peer = RawPeer.listening(YamuxSettings.defaults());
    List<MuxedStream> streams = open(peer, BACKLOG);
    MuxedStream stream = peer.connection.openStream();
    CompletableFuture<Void> tooMany = begin(stream);
    peer.time.awaitTimers(2); // the other one is the heartbeat's
    peer.time.advance(Duration.ofSeconds(30));
    assertThat(catchThrowable(tooMany::join))
        .hasCauseInstanceOf(StreamLimitException.class)
        .hasMessageContaining("maxUnacknowledgedStreams");

    streams.getFirst().reset(0);
    begin(stream).get();
  }

  @Test
  void stopsWaitingForItsTurnWhenItIsGivenUp() throws Exception {
    RawPeer peer = RawPeer.listening(YamuxSettings.defaults());
    open(peer, BACKLOG);
    MuxedStream reset = peer.connection.openStream();
    MuxedStream closed = peer.connection.openStream();
    List<CompletableFuture<Void>> waiting = new ArrayList<>();
    for (MuxedStream stream : List.of(reset, closed)) {
      waiting.add(begin(stream));
      waiting.add(Background.run(() -> stream.read(new byte[1], 0, 1)));
    }
    peer.settle();
    reset.reset(0);
    closed.close();

    for (CompletableFuture<Void> one : waiting) {
      assertThat(catchThrowable(one::join).getCause())
          .isInstanceOfAny(StreamResetException.class, StreamClosedException.class);
    }
    assertThat(peer.connection.streamCount()).isEqualTo(BACKLOG);
  }

  @Test
  void stopsWaitingForItsTurnWhenTheConnectionEnds() throws Exception {
    RawPeer peer = RawPeer.listening(YamuxSettings.defaults());
    open(peer, BACKLOG);
    CompletableFuture<Void> one = begin(peer.connection.openStream());
    CompletableFuture<Void> other = begin(peer.connection.openStream());
    peer.pipe.close();

    assertThat(catchThrowable(one::join)).hasCauseInstanceOf(ConnectionClosedException.class);
    assertThat(catchThrowable(other::join)).hasCauseInstanceOf(ConnectionClosedException.class);
  }

  @Test
  void refusesToOpenMoreThanItsLimit() throws Exception {
    RawPeer peer = RawPeer.listening(YamuxSettings.defaults().withMaxStreams(1, 2));
    List<MuxedStream> streams = open(peer, 2);
    assertThatThrownBy(peer.connection::openStream)
        .isInstanceOf(StreamLimitException.class)
        .hasMessageContaining("maxOutboundStreams");

    streams.getFirst().reset(0);
    peer.connection.openStream();
  }

  @Test
  void resetsStreamsBeyondTheInboundLimitAndDropsTheirData() throws Exception {
    RawPeer peer = RawPeer.dialing(YamuxSettings.defaults().withMaxStreams(2, 1));
    peer.send(WINDOW_UPDATE, SYN, 1, 0);
    peer.send(WINDOW_UPDATE, SYN, 3, 0);
    peer.sendData(SYN | FIN, 5, new byte[100_000]);

    assertThat(peer.next().is(WINDOW_UPDATE, RST, 5, 0)).isTrue();
    assertThat(peer.connection.streamCount()).isEqualTo(2);

    peer.accept().reset(0);
    assertThat(peer.next().is(WINDOW_UPDATE, RST, 1, 0)).isTrue();
    peer.send(WINDOW_UPDATE, SYN, 7, 0);
    peer.settle();
    assertThat(peer.accepted).hasSize(2);
  }

  @Test
  void resetsStreamsBeyondTheBacklogOfThoseThatNobodyHasTaken() throws Exception {
    RawPeer peer = RawPeer.dialing(YamuxSettings.defaults());
    for (int i = 0; i < BACKLOG; i++) {
      peer.send(WINDOW_UPDATE, SYN, 2 * i + 1, 0);
    }
    peer.send(WINDOW_UPDATE, SYN, 2 * BACKLOG + 1, 0);
    assertThat(peer.next().is(WINDOW_UPDATE, RST, 2 * BACKLOG + 1, 0)).isTrue();

    peer.accept().write(new byte[1]);
    assertThat(peer.next().is(DATA, ACK, 1, 1)).isTrue();
    peer.send(WINDOW_UPDATE, SYN, 2 * BACKLOG + 3, 0);
    peer.settle();
    assertThat(peer.accepted).hasSize(BACKLOG);
  }

  @Test
  void letsNoPeerAcknowledgeItsOwnStreams() throws Exception {
    RawPeer peer = RawPeer.dialing(YamuxSettings.defaults());
    for (int i = 0; i < BACKLOG; i++) {
      peer.send(WINDOW_UPDATE, SYN | ACK, 2 * i + 1, 0);
      peer.send(WINDOW_UPDATE, ACK, 2 * i + 1, 0);
    }
    peer.send(WINDOW_UPDATE, SYN, 2 * BACKLOG + 1, 0);

    assertThat(peer.next().is(WINDOW_UPDATE, RST, 2 * BACKLOG + 1, 0)).isTrue();
  }

  @Test
  void resetsWhatTheAcceptorDoesNotWant() throws Exception {
    RawPeer peer = new RawPeer(YamuxSettings.defaults(), false, 1 << 16, (self, stream) -> false);
    peer.sendData(SYN, 1, new byte[10]);

    assertThat(peer.next().is(WINDOW_UPDATE, RST, 1, 0)).isTrue();
    assertThat(peer.connection.streamCount()).isZero();
  }

  @Test
  void carriesAThousandStreamsAtOnce() throws Exception {
    CountDownLatch all = new CountDownLatch(1_000);
    try (Ends ends =
        new Ends(
            YamuxSettings.defaults(),
            1 << 16,
            stream -> {
              byte[] bytes = new byte[8];
              stream.readFully(bytes, 0, 8);
              stream.write(bytes);
              all.countDown();
              all.await();
              Ends.echo(stream);
            })) {
      List<CompletableFuture<Void>> done = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        byte mark = (byte) i;
        done.add(Background.run(() -> exchange(ends.dialer.openStream(), mark)));
      }
      for (CompletableFuture<Void> one : done) {
        one.get();
      }
      assertThat(ends.failed).isNotDone();
      assertThat(ends.dialer.streamCount()).isZero();
    }
  }

  private static void exchange(MuxedStream stream, byte mark) throws Exception {
    byte[] sent = new byte[5_000];
    java.util.Arrays.fill(sent, mark);
    byte[] received = new byte[sent.length];
    stream.write(sent, 0, 8);
    stream.readFully(received, 0, 8);
    stream.write(sent, 8, sent.length - 8);
    stream.closeWrite();
    stream.readFully(received, 8, sent.length - 8);
    assertThat(stream.read(new byte[1], 0, 1)).isEqualTo(-1);
    assertThat(received).isEqualTo(sent);
    stream.close();
  }

  private static CompletableFuture<Void> begin(MuxedStream stream) {
    return Background.run(() -> stream.write(new byte[1]));
  }

  private static List<MuxedStream> open(RawPeer peer, int count) throws Exception {
    List<MuxedStream> streams = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      MuxedStream stream = peer.connection.openStream();
      stream.write(new byte[1]);
      streams.add(stream);
      assertThat(peer.next().is(DATA, SYN, 2 * i + 1, 1)).isTrue();
    }
    return streams;
  }
}
