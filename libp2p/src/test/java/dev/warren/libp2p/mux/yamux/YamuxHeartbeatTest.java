package dev.warren.libp2p.mux.yamux;

import static dev.warren.libp2p.mux.yamux.FrameHeader.ACK;
import static dev.warren.libp2p.mux.yamux.FrameHeader.SYN;
import static dev.warren.libp2p.mux.yamux.FrameType.PING;
import static dev.warren.libp2p.mux.yamux.FrameType.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.MuxedStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pings: whether the peer is alive, and how far away. */
@Timeout(30)
class YamuxHeartbeatTest {
  private final RawPeer peer = RawPeer.dialing(YamuxSettings.defaults());

  @Test
  void measuresARoundTrip() throws Exception {
    var ping = Background.get(peer.connection::ping);
    RawPeer.Frame question = peer.nextPing(SYN);
    peer.time.advance(Duration.ofMillis(63));
    peer.send(PING, ACK, 0, question.length());

    assertThat(ping.get()).isEqualTo(Duration.ofMillis(63));
  }

  @Test
  void sharesAPingThatIsUnderWay() throws Exception {
    var one = Background.get(peer.connection::ping);
    RawPeer.Frame question = peer.nextPing(SYN);
    var other = Background.get(peer.connection::ping);
    peer.settle();
    peer.send(PING, ACK, 0, question.length() + 1);
    peer.settle();
    assertThat(one).isNotDone();
    peer.send(PING, ACK, 0, question.length());
    one.get();
    if (!other.isDone()) { // it came too late to share
      peer.send(PING, ACK, 0, question.length() + 1);
    }
    other.get();
  }

  @Test
  void asksEveryThirtySeconds() throws Exception {
    peer.settle();
    for (int i = 0; i < 3; i++) {
      peer.time.advance(Duration.ofSeconds(30));
      peer.send(PING, ACK, 0, peer.nextPing(SYN).length());
      peer.settle();
    }
    assertThat(peer.ended).isNotDone();
  }

  @Test
  void givesThePeerUpWhenNothingAnswersForTenSeconds() throws Exception {
    peer.send(WINDOW_UPDATE, SYN, 1, 0);
    MuxedStream stream = peer.accept();
    peer.settle();
    var read = Background.get(() -> stream.read(new byte[1], 0, 1));
    peer.time.advance(Duration.ofSeconds(30));
    peer.nextPing(SYN);
    peer.time.advance(Duration.ofSeconds(10));

    assertThat(peer.end()).isInstanceOf(KeepAliveException.class);
    assertThat(catchThrowable(read::join).getCause())
        .isInstanceOf(ConnectionClosedException.class)
        .hasCauseInstanceOf(KeepAliveException.class);
  }

  @Test
  void takesAnyTrafficForASignOfLife() throws Exception {
    peer.settle();
    peer.time.advance(Duration.ofSeconds(30));
    peer.nextPing(SYN);
    peer.settle();
    peer.time.advance(Duration.ofSeconds(10));
    peer.settle();

    assertThat(peer.ended).isNotDone();
  }

  @Test
  void tellsWhoeverMeasuresThatNoAnswerCame() throws Exception {
    var ping = Background.get(peer.connection::ping);
    peer.nextPing(SYN);
    peer.settle(); // alive, but does not answer
    peer.time.advance(Duration.ofSeconds(10));
    assertThat(catchThrowable(ping::join)).hasCauseInstanceOf(SocketTimeoutException.class);

    var next = Background.get(peer.connection::ping);
    peer.send(PING, ACK, 0, peer.nextPing(SYN).length());
    next.get();
  }

  @Test
  void givesUpAPeerThatDoesNotTakeThePingEither() throws Exception {
    RawPeer stuck = new RawPeer(YamuxSettings.defaults(), true, 64, RawPeer::acceptAll);
    MuxedStream stream = stuck.connection.openStream();
    var written = Background.run(() -> stream.write(new byte[100_000]));
    stuck.time.awaitTimer(Duration.ofSeconds(30));
    var advanced = Background.run(() -> stuck.time.advance(Duration.ofSeconds(30)));
    stuck.time.awaitTimer(
        Duration.ofSeconds(10)); // the ping waits for the write, its timer does not
    var advancedAgain = Background.run(() -> stuck.time.advance(Duration.ofSeconds(10)));

    assertThat(stuck.end()).isInstanceOf(KeepAliveException.class);
    assertThat(catchThrowable(written::join)).isNotNull();
    advanced.get();
    advancedAgain.get();
  }

  @Test
  void givesUpAPeerThatTalksAndDoesNotListen() throws Exception {
    RawPeer deaf = new RawPeer(YamuxSettings.defaults(), true, 64, RawPeer::acceptAll);
    MuxedStream stream = deaf.connection.openStream();
    var written = Background.run(() -> stream.write(new byte[1_000]));
    deaf.pipe.readFully(new byte[1], 0, 1); // the write has begun, and the pipe holds no more
    var ping = Background.get(deaf.connection::ping);
    deaf.time.awaitTimer(Duration.ofSeconds(10));
    talk(deaf);
    var advanced = Background.run(() -> deaf.time.advance(Duration.ofSeconds(10)));

    assertThat(deaf.end()).isInstanceOf(KeepAliveException.class).hasMessageContaining("took");
    assertThat(catchThrowable(written::join)).hasCauseInstanceOf(ConnectionClosedException.class);
    assertThat(catchThrowable(ping::join)).isNotNull();
    advanced.get();
  }

  @Test
  void bearsWithAPeerThatListensSlowly() throws Exception {
    RawPeer slow = new RawPeer(YamuxSettings.defaults(), true, 64, RawPeer::acceptAll);
    MuxedStream stream = slow.connection.openStream();
    var written =
        Background.run(
            () -> {
              stream.write(new byte[1_000]);
              stream.write(new byte[1_000]);
            });
    slow.pipe.readFully(new byte[FrameHeader.BYTES], 0, FrameHeader.BYTES);
    var ping = Background.get(slow.connection::ping);
    slow.time.awaitTimer(Duration.ofSeconds(10));
    slow.pipe.readFully(new byte[1_000], 0, 1_000);
    slow.next(); // the second write's: the first is over
    talk(slow);
    slow.time.advance(Duration.ofSeconds(10));

    slow.settle();
    written.get();
    assertThat(catchThrowable(ping::join)).hasCauseInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void endsAMeasurementWithTheConnection() throws Exception {
    var ping = Background.get(peer.connection::ping);
    peer.nextPing(SYN);
    peer.pipe.close();

    assertThat(catchThrowable(ping::join)).hasCauseInstanceOf(ConnectionClosedException.class);
    peer.end();
    assertThatThrownBy(peer.connection::ping).isInstanceOf(ConnectionClosedException.class);
    assertThat(peer.time.timers()).isZero();
  }

  /** More than the pipe and one read can hold: some of it has been read and counted. */
  private static void talk(RawPeer peer) throws Exception {
    for (int i = 0; i <= 2 * 64 / FrameHeader.BYTES; i++) {
      peer.send(PING, ACK, 0, 0);
    }
  }
}
