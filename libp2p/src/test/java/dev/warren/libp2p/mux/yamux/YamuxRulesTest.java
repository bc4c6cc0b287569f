package dev.warren.libp2p.mux.yamux;

import static dev.warren.libp2p.mux.yamux.FrameHeader.ACK;
import static dev.warren.libp2p.mux.yamux.FrameHeader.FIN;
import static dev.warren.libp2p.mux.yamux.FrameHeader.MAX_LENGTH;
import static dev.warren.libp2p.mux.yamux.FrameHeader.RST;
import static dev.warren.libp2p.mux.yamux.FrameHeader.SYN;
import static dev.warren.libp2p.mux.yamux.FrameType.DATA;
import static dev.warren.libp2p.mux.yamux.FrameType.GO_AWAY;
import static dev.warren.libp2p.mux.yamux.FrameType.PING;
import static dev.warren.libp2p.mux.yamux.FrameType.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.ManualTime;
import dev.warren.libp2p.transport.MuxedStream;
import dev.warren.libp2p.transport.StreamResetException;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer that breaks the rules, or goes to their limits. */
@Timeout(30)
class YamuxRulesTest {
  private static final int WINDOW = ReceiveWindow.INITIAL_BYTES;

  private final RawPeer peer = RawPeer.dialing(YamuxSettings.defaults());

  @ParameterizedTest
  @ValueSource(
      strings = {
        "010000000000000100000000", // version
        "000400000000000100000000", // type
        "000000100000000100000000", // flags
        "000200000000000000000000", // ping without flag
        "000000000000000000000000", // data without stream
        "000300000000000100000000", // GoAway with stream
      })
  void endsTheConnectionOnABadHeader(String hex) throws Exception {
    peer.pipe.write(HexFormat.of().parseHex(hex));

    assertThat(peer.goAway().length()).isEqualTo(GoAway.PROTOCOL_ERROR);
    assertThat(peer.end()).isInstanceOf(YamuxViolationException.class);
  }

  @Test
  void endsTheConnectionWhenTheDialerOpensAnEvenStream() throws Exception {
    peer.send(WINDOW_UPDATE, SYN, 2, 0);

    expectViolation(Violation.WRONG_PARITY);
  }

  @Test
  void endsTheConnectionWhenTheListenerOpensAnOddStream() throws Exception {
    RawPeer listener = RawPeer.listening(YamuxSettings.defaults());
    listener.send(DATA, SYN, 1, 0);

    assertThat(listener.goAway().length()).isEqualTo(GoAway.PROTOCOL_ERROR);
    assertThat(listener.end()).hasFieldOrPropertyWithValue("violation", Violation.WRONG_PARITY);
  }

  @Test
  void endsTheConnectionWhenAnOpenStreamIsOpenedAgain() throws Exception {
    peer.send(WINDOW_UPDATE, SYN, 1, 0);
    peer.send(WINDOW_UPDATE, SYN, 1, 0);

    expectViolation(Violation.STREAM_ID_REUSED);
  }

  @Test
  void endsTheConnectionWhenTheIdOfAFinishedStreamIsUsedAgain() throws Exception {
    peer.send(WINDOW_UPDATE, SYN | FIN, 1, 0);
    peer.accept().close();
    peer.send(WINDOW_UPDATE, SYN, 1, 0);

    expectViolation(Violation.STREAM_ID_REUSED);
  }

  @Test
  void endsTheConnectionWhenTheFirstCreditOverflows() throws Exception {
    peer.send(WINDOW_UPDATE, SYN, 1, MAX_LENGTH - WINDOW + 1);

    expectViolation(Violation.WINDOW_OVERFLOW);
    assertThat(peer.accepted).isEmpty();
  }

  @Test
  void endsTheConnectionWhenCreditAddsUpToAnOverflow() throws Exception {
    peer.send(WINDOW_UPDATE, SYN, 1, MAX_LENGTH - WINDOW);
    peer.settle();
    peer.send(WINDOW_UPDATE, 0, 1, 1);

    expectViolation(Violation.WINDOW_OVERFLOW);
  }

  @Test
  void endsTheConnectionWhenTheFirstDataIsMoreThanAWindow() throws Exception {
    peer.send(DATA, SYN, 1, WINDOW + 1);

    expectViolation(Violation.DATA_BEYOND_WINDOW);
    assertThat(peer.accepted).isEmpty();
  }

  @Test
  void takesAFullWindowWithTheFirstFrame() throws Exception {
    byte[] payload = new byte[WINDOW];
    payload[WINDOW - 1] = 7;
    peer.sendData(SYN, 1, payload);

    byte[] received = new byte[WINDOW];
    peer.accept().readFully(received, 0, WINDOW);
    assertThat(received).isEqualTo(payload);
  }

  @Test
  void endsTheConnectionWhenDataExceedsWhatIsLeftOfTheWindow() throws Exception {
    peer.sendData(SYN, 1, new byte[WINDOW - 1]);
    peer.sendData(0, 1, new byte[1]);
    peer.settle();
    peer.send(DATA, 0, 1, 1);

    expectViolation(Violation.DATA_BEYOND_WINDOW);
  }

  @Test
  void countsDataThatNobodyWantsAgainstTheWindow() throws Exception {
    peer.send(WINDOW_UPDATE, SYN, 1, 0);
    peer.accept().closeRead();
    peer.sendData(0, 1, new byte[WINDOW]);
    peer.send(DATA, 0, 1, 1);

    expectViolation(Violation.DATA_BEYOND_WINDOW);
  }

  @Test
  void endsTheConnectionWhenAResetCarriesMoreThanTheWindow() throws Exception {
    peer.send(DATA, SYN, 1, 0);
    peer.send(DATA, RST, 1, WINDOW + 1);

    expectViolation(Violation.DATA_BEYOND_WINDOW);
  }

  @Test
  void dropsFramesForStreamsThatItDoesNotKnow() throws Exception {
    peer.sendData(0, 1, new byte[70_000]);
    peer.sendData(FIN, 2, new byte[3]);
    peer.sendData(RST, 3, new byte[3]);
    peer.send(WINDOW_UPDATE, RST, 4, 5);
    peer.send(WINDOW_UPDATE, ACK, 6, MAX_LENGTH);
    peer.settle();

    assertThat(peer.accepted).isEmpty();
    assertThat(peer.connection.streamCount()).isZero();
  }

  @Test
  void endsTheConnectionWhenDataForNoStreamIsLongerThanAnyWindow() throws Exception {
    peer.send(DATA, 0, 1, YamuxSettings.defaults().maxWindowBytes() + 1L);

    expectViolation(Violation.DATA_BEYOND_WINDOW);
  }

  @Test
  void takesAStreamThatIsOpenedAndResetAtOnceForNone() throws Exception {
    peer.sendData(SYN | RST, 1, new byte[9]);
    peer.send(WINDOW_UPDATE, SYN | RST, 3, 9);
    peer.settle();

    assertThat(peer.accepted).isEmpty();
    assertThat(peer.connection.streamCount()).isZero();
  }

  @Test
  void resetsAStreamWhoseUserSendsAfterFin() throws Exception {
    peer.sendData(SYN | FIN, 1, new byte[] {1});
    peer.send(DATA, FIN, 1, 0);
    peer.sendData(0, 1, new byte[] {2});

    assertThat(peer.next().is(WINDOW_UPDATE, RST, 1, 0)).isTrue();
    assertThatThrownBy(() -> peer.accept().read(new byte[1], 0, 1))
        .isInstanceOf(StreamResetException.class);
    peer.settle();
  }

  @Test
  void answersPingsWithTheirValue() throws Exception {
    peer.send(PING, SYN, 0, 0xdeadbeefL);

    assertThat(peer.nextOfAll().is(PING, ACK, 0, 0xdeadbeefL)).isTrue();
  }

  @Test
  void takesAnswersToPingsThatItDidNotSendForNothing() throws Exception {
    peer.send(PING, ACK, 0, 1);
    peer.settle();
  }

  @Test
  void endsTheConnectionOfAPeerThatAsksAndDoesNotListen() throws Exception {
    RawPeer flooding = new RawPeer(YamuxSettings.defaults(), false, 4_096, RawPeer::acceptAll);
    IOException[] stopped = new IOException[1];
    Thread flood =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (true) {
                      flooding.send(PING, SYN, 0, 1);
                    }
                  } catch (IOException e) {
                    stopped[0] = e;
                  }
                });
    passTimeForAFarewell(flooding);

    assertThat(flooding.end()).hasFieldOrPropertyWithValue("violation", Violation.FLOOD);
    flood.join();
    assertThat(stopped[0]).isNotNull();
  }

  @Test
  void endsTheConnectionOfAPeerThatOpensRefusedStreamsAndDoesNotListen() throws Exception {
    RawPeer flooding = new RawPeer(YamuxSettings.defaults(), false, 4_096, (self, stream) -> false);
    Thread flood =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    for (int id = 1; ; id += 2) {
                      flooding.send(WINDOW_UPDATE, SYN, id, 0);
                    }
                  } catch (IOException e) {
                    // Ended, as is to be.
                  }
                });
    passTimeForAFarewell(flooding);

    assertThat(flooding.end()).hasFieldOrPropertyWithValue("violation", Violation.FLOOD);
    flood.join();
    assertThat(flooding.connection.streamCount()).isZero();
  }

  @Test
  void endsInGoodOrderOnGoAway() throws Exception {
    peer.send(WINDOW_UPDATE, SYN, 1, 0);
    MuxedStream stream = peer.accept();
    peer.send(GO_AWAY, 0, 0, GoAway.NORMAL);

    assertThat(peer.end()).isExactlyInstanceOf(ConnectionClosedException.class);
    assertThatThrownBy(() -> stream.read(new byte[1], 0, 1))
        .isInstanceOf(ConnectionClosedException.class);
    assertThatThrownBy(peer.connection::openStream).isInstanceOf(ConnectionClosedException.class);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 77})
  void tellsWhyThePeerWentAway(long code) throws Exception {
    peer.send(GO_AWAY, 0, 0, code);

    assertThat(peer.end()).isInstanceOf(GoAwayException.class);
    assertThat(((GoAwayException) peer.end()).code()).isEqualTo(code);
  }

  @Test
  void endsInGoodOrderWhenThePeerClosesBetweenFrames() throws Exception {
    peer.pipe.closeWrite();

    assertThat(peer.end()).isExactlyInstanceOf(ConnectionClosedException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0001", "0001000100000001000000", "000000010000000100000002ff"})
  void saysWhenThePeerClosesInTheMiddleOfAFrame(String hex) throws Exception {
    peer.pipe.write(HexFormat.of().parseHex(hex));
    peer.pipe.closeWrite();

    assertThat(peer.end()).isInstanceOf(EOFException.class);
    assertThat(peer.connection.streamCount()).isZero();
  }

  @Test
  void saysGoodbyeWhenItCloses() throws Exception {
    peer.connection.close();
    peer.connection.close();

    assertThat(peer.goAway().length()).isEqualTo(GoAway.NORMAL);
    assertThat(peer.end()).isExactlyInstanceOf(ConnectionClosedException.class);
  }

  @Test
  void endsTheConnectionWhenTheAcceptorThrows() throws Exception {
    var thrown = new CompletableFuture<Throwable>();
    Pipe[] ends = Pipe.pair(1 << 16);
    YamuxConnection connection =
        new YamuxConnection(
            ends[0], YamuxSettings.defaults(), new SpareBlocks(), new ManualTime(), false);
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                connection.run(
                    stream -> {
                      throw new IllegalStateException("broken");
                    });
              } catch (IllegalStateException e) {
                thrown.complete(e);
              }
            });
    byte[] header = new byte[FrameHeader.BYTES];
    FrameHeader.encode(header, 0, DATA, SYN, 1, 0);
    ends[1].write(header);
    ends[1].readFully(header, 0, header.length);

    assertThat(FrameHeader.decode(header, 0))
        .isEqualTo(new FrameHeader(GO_AWAY, 0, 0, GoAway.INTERNAL_ERROR));
    assertThat(thrown.get()).hasMessage("broken");
  }

  /** The goodbye may get through, or be given up after its time. */
  private static void passTimeForAFarewell(RawPeer peer) {
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                peer.time.awaitTimer(Duration.ofSeconds(1));
                peer.time.advance(Duration.ofSeconds(1));
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
  }

  private void expectViolation(Violation violation) throws Exception {
    assertThat(peer.goAway().length()).isEqualTo(GoAway.PROTOCOL_ERROR);
    assertThat(peer.end()).isInstanceOf(YamuxViolationException.class);
    assertThat(((YamuxViolationException) peer.end()).violation()).isEqualTo(violation);
    assertThat(peer.connection.streamCount()).isZero();
  }
}
