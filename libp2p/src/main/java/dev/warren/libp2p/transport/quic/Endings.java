package dev.warren.libp2p.transport.quic;

import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicConnectionPathStats;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.StreamTable;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that a FIN that is sent alone arrives, which the codec does not in all cases.
 *
 * <ul>
 *   <li>It forgets one that is written while nothing but repeated data waits to be sent on its
 *       stream, which happens where packets are lost or late. Writing the FIN again mends it, and
 *       is harmless otherwise.
 *   <li>It forgets the last FIN of a stream when it hears that the bytes before have arrived, also
 *       when the FIN was lost. So that one waits until they most likely have. And since the codec
 *       sends each in a packet of its own, and go-libp2p drops what comes on top of 256 packets
 *       that it has not looked at, few are under way at a time.
 * </ul>
 *
 * Owned by the event loop.
 */
final class Endings {
  static final int POLL_MILLIS = 5;
  private static final int PAUSE_MILLIS = 200;

  /** After the last one a FIN has been under way for half a minute. */
  private static final int MAX_TRIES = 7;

  private static final int MAX_UNDER_WAY = 64;
  private static final long MAX_DELAY_NANOS = 2_000_000_000;
  private static final long ROUND_TRIP_AGE_NANOS = 100_000_000;

  /** RFC 9000 §18.2: what a peer takes at most, unless it says otherwise. */
  private static final long MAX_ACK_DELAY_NANOS = 25_000_000;

  private final QuicChannel channel;
  private final Set<QuicStream> waiting = new LinkedHashSet<>();
  private final Set<Long> underWay = new HashSet<>();
  private final ArrayDeque<Ending> open = new ArrayDeque<>();
  private long sweeps;
  private long roundTripNanos;
  private long roundTripMeasured;

  private record Ending(long stream, int tries, long dueSweep) {}

  Endings(QuicChannel channel) {
    this.channel = channel;
  }

  /** Asks the stream again, soon and until it says so, whether its FIN is written. */
  void await(QuicStream stream) {
    boolean first = waiting.isEmpty();
    waiting.add(stream);
    if (first) {
      schedule(this::poll, POLL_MILLIS);
    }
  }

  private void poll() {
    underWay.removeIf(stream -> StreamTable.isOver(channel, stream));
    waiting.removeIf(stream -> stream.finish(false));
    if (!waiting.isEmpty()) {
      schedule(this::poll, POLL_MILLIS);
    }
  }

  /** Writes what still waits, and goes on when all is written or time is up. */
  void finish(int pollsLeft, Runnable then) {
    waiting.removeIf(stream -> stream.finish(true));
    if (waiting.isEmpty() || pollsLeft == 0 || channel.eventLoop().isShuttingDown()) {
      then.run();
    } else {
      schedule(() -> finish(pollsLeft - 1, then), POLL_MILLIS);
    }
  }

  /**
   * Whether a FIN that ends a stream should still wait; while the network takes no more, it would
   * not go out at once.
   *
   * @param taken when the codec took the last bytes before it
   * @param wanted when it was waited for first
   */
  boolean isTooEarly(QuicStreamChannel stream, long taken, long wanted) {
    long now = System.nanoTime();
    boolean mayWait = now - wanted < MAX_DELAY_NANOS;
    return now - taken < acknowledgeNanos()
        || (mayWait && (!StreamTable.hasRoom(stream) || underWay.size() >= MAX_UNDER_WAY));
  }

  /** Within which the peer should have acknowledged what is sent now, if nothing gets lost. */
  private long acknowledgeNanos() {
    long now = System.nanoTime();
    if (roundTripNanos == 0 || now - roundTripMeasured > ROUND_TRIP_AGE_NANOS) {
      roundTripMeasured = now;
      QuicConnectionPathStats path = channel.collectPathStats(0).getNow();
      if (path != null) { // or the connection has ended
        roundTripNanos = path.rtt();
      }
    }
    return 2 * roundTripNanos + MAX_ACK_DELAY_NANOS;
  }

  /**
   * Sends the FIN of the stream, and repeats it from time to time.
   *
   * @param last whether the peer has ended its half
   */
  void send(long stream, boolean last) {
    if (!StreamTable.sendFin(channel, stream)) {
      return;
    }
    if (last) {
      underWay.add(stream);
    }
    open.add(new Ending(stream, 0, sweeps + 1));
    if (open.size() == 1) {
      schedule(this::sweep, PAUSE_MILLIS);
    }
  }

  /** Looks at each stream half as often as the time before: a peer may leave its half open. */
  private void sweep() {
    sweeps++;
    underWay.removeIf(stream -> StreamTable.isOver(channel, stream));
    for (int left = open.size(); left > 0; left--) {
      Ending ending = open.removeFirst();
      if (ending.dueSweep > sweeps) {
        open.add(ending);
      } else if (StreamTable.sendFin(channel, ending.stream) && ending.tries < MAX_TRIES) {
        int tries = ending.tries + 1;
        open.add(new Ending(ending.stream, tries, sweeps + (1L << tries)));
      }
    }
    if (!open.isEmpty()) {
      schedule(this::sweep, PAUSE_MILLIS);
    }
  }

  private void schedule(Runnable action, int millis) {
    if (!channel.eventLoop().isShuttingDown()) {
      var _ = channel.eventLoop().schedule(action, millis, TimeUnit.MILLISECONDS);
    }
  }
}
