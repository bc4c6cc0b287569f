package dev.warren.libp2p.mux.yamux;

import static dev.warren.libp2p.mux.yamux.FrameHeader.ACK;
import static dev.warren.libp2p.mux.yamux.FrameHeader.FIN;
import static dev.warren.libp2p.mux.yamux.FrameHeader.SYN;
import static dev.warren.libp2p.mux.yamux.FrameType.PING;
import static dev.warren.libp2p.mux.yamux.FrameType.WINDOW_UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.transport.MemoryBudget;
import dev.warren.libp2p.transport.MuxedStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Windows that grow with the round trip, as far as memory allows. */
@Timeout(30)
class YamuxWindowTest {
  private static final int WINDOW = ReceiveWindow.INITIAL_BYTES;
  private static final Duration ROUND_TRIP = Duration.ofMillis(100);

  /** A host's budget that keeps count. */
  private static final class CountingBudget implements MemoryBudget {
    private final long limit;
    private final AtomicLong used = new AtomicLong();

    CountingBudget(long limit) {
      this.limit = limit;
    }

    @Override
    public boolean reserve(long bytes) {
      if (used.addAndGet(bytes) <= limit) {
        return true;
      }
      used.addAndGet(-bytes);
      return false;
    }

    @Override
    public void release(long bytes) {
      used.addAndGet(-bytes);
    }
  }

  private final CountingBudget budget = new CountingBudget(100 << 20);
  private RawPeer peer = RawPeer.dialing(settings(16 << 20, 64 << 20));

  @Test
  void asksForTheRoundTripWhenTheFirstDataArrives() throws Exception {
    peer.send(WINDOW_UPDATE, SYN, 1, 0);
    peer.settle();
    peer.sendData(0, 1, new byte[1]);

    assertThat(peer.nextPing(SYN).length()).isEqualTo(1);
  }

  @Test
  void doublesTheWindowOfAFastStreamUpToTheMaximum() throws Exception {
    MuxedStream stream = openWithRoundTrip(1);
    int limit = WINDOW;
    while (limit < 16 << 20) {
      assertThat(passHalf(1, stream, limit)).isEqualTo(limit + limit / 2);
      limit *= 2;
    }
    assertThat(passHalf(1, stream, limit)).isEqualTo(limit / 2);
    assertThat(budget.used).hasValue((16 << 20) - WINDOW);
  }

  @Test
  void leavesTheWindowOfASlowStreamAlone() throws Exception {
    MuxedStream stream = openWithRoundTrip(1);
    peer.time.advance(ROUND_TRIP.multipliedBy(4));

    assertThat(passHalf(1, stream, WINDOW)).isEqualTo(WINDOW / 2);
    assertThat(budget.used).hasValue(0);
  }

  @Test
  void stopsAtTheLimitOfTheConnection() throws Exception {
    peer = RawPeer.dialing(settings(16 << 20, 3 * WINDOW));
    MuxedStream one = openWithRoundTrip(1);
    peer.send(WINDOW_UPDATE, SYN, 3, 0);
    MuxedStream other = peer.accept();

    assertThat(passHalf(1, one, WINDOW)).isEqualTo(WINDOW + WINDOW / 2);
    assertThat(passHalf(1, one, 2 * WINDOW)).isEqualTo(3 * WINDOW);
    assertThat(passHalf(3, other, WINDOW)).as("nothing is left").isEqualTo(WINDOW / 2);

    one.reset(0);
    assertThat(passHalf(3, other, WINDOW)).isEqualTo(WINDOW + WINDOW / 2);
  }

  @Test
  void stopsWhereTheHostSays() throws Exception {
    budget.reserve((100 << 20) - 1);
    MuxedStream stream = openWithRoundTrip(1);

    assertThat(passHalf(1, stream, WINDOW)).isEqualTo(WINDOW / 2);
  }

  @Test
  void givesTheMemoryBackWhenTheLastByteIsRead() throws Exception {
    MuxedStream stream = openWithRoundTrip(1);
    passHalf(1, stream, WINDOW);
    assertThat(budget.used).hasValue(WINDOW);
    peer.sendData(FIN, 1, new byte[10]);
    peer.settle();
    assertThat(budget.used).hasValue(WINDOW);

    stream.readFully(new byte[10], 0, 10);
    assertThat(budget.used).hasValue(0);
    stream.close();
    assertThat(budget.used).hasValue(0);
  }

  @Test
  void givesTheMemoryBackWhenTheConnectionEnds() throws Exception {
    MuxedStream stream = openWithRoundTrip(1);
    passHalf(1, stream, WINDOW);
    peer.sendData(0, 1, new byte[10]);
    peer.pipe.close();
    peer.end();

    assertThat(budget.used).hasValue(0);
    stream.close();
    assertThat(budget.used).hasValue(0);
  }

  private YamuxSettings settings(int maxBytes, long maxGrowthBytes) {
    return YamuxSettings.defaults().withWindows(maxBytes, maxGrowthBytes, budget);
  }

  /** A stream of a peer that is known to be 100 ms away. */
  private MuxedStream openWithRoundTrip(int id) throws Exception {
    peer.sendData(SYN, id, new byte[1]);
    MuxedStream stream = peer.accept();
    RawPeer.Frame ping = peer.nextPing(SYN);
    peer.time.advance(ROUND_TRIP);
    peer.send(PING, ACK, 0, ping.length());
    peer.settle();
    stream.readFully(new byte[1], 0, 1);
    peer.time.advance(ROUND_TRIP.multipliedBy(4));
    passHalf(id, stream, WINDOW - 2); // an epoch begins now, with nothing left over from the last
    return stream;
  }

  /** Sends half of a window, has it read, and returns the credit that is given. */
  private long passHalf(int id, MuxedStream stream, int limit) throws Exception {
    for (int left = limit / 2; left > 0; ) {
      int n = Math.min(left, WINDOW / 4);
      peer.sendData(0, id, new byte[n]);
      stream.readFully(new byte[n], 0, n);
      left -= n;
    }
    RawPeer.Frame update = nextUpdate();
    assertThat(update.header().streamId()).isEqualTo(id);
    return update.length();
  }

  private RawPeer.Frame nextUpdate() throws IOException {
    RawPeer.Frame frame = peer.next();
    while (frame.header().type() != WINDOW_UPDATE || frame.length() == 0) {
      frame = peer.next();
    }
    return frame;
  }
}
