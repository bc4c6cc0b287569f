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
  static final long POLL_NANOS = 5_000_000;

  /** How long the last bytes of a stream wait for its FIN. */
  static final long HOLD_NANOS = 2_000_000;

  private static final long PAUSE_NANOS = 200_000_000;

  /** After the last one a FIN has been under way for half a minute. */
  private static final int MAX_TRIES = 7;

  private static final int MAX_UNDER_WAY = 64;
  private static final int MIN_POLLS = 3;
  private static final long MAX_DELAY_NANOS = 1_000_000_000;

  /**
   * After a round trip and this a packet that nothing came after is repeated, unless it has been
   * acknowledged: what a peer may take for that (RFC 9000 §18.2), and some for timers.
   */
  private static final long PROBE_NANOS = 40_000_000;

  private final QuicChannel channel;
  private final Outgoing outgoing;
  private final Set<SendingHalf> holding = new LinkedHashSet<>();
  private final Set<SendingHalf> waiting = new LinkedHashSet<>();
  private final Set<Long> underWay = new HashSet<>();
  private final ArrayDeque<Ending> open = new ArrayDeque<>();
  private long sweeps;
  private long roundTripNanos;
  private long lookedNanos;
  private long repaired; // packets that were lost, or repeated
  private long sentBytes;
  private long disturbedNanos;

  private record Ending(long stream, int tries, long dueSweep) {}

  Endings(QuicChannel channel, Outgoing outgoing) {
    this.channel = channel;
    this.outgoing = outgoing;
    this.lookedNanos = System.nanoTime() - POLL_NANOS;
    this.disturbedNanos = System.nanoTime() - MAX_DELAY_NANOS;
  }

  /** Sees to it that what the stream holds back is handed over soon. */
  void lookAfter(SendingHalf stream) {
    boolean first = holding.isEmpty();
    holding.add(stream);
    if (first) {
      schedule(this::passHeld, HOLD_NANOS);
    }
  }

  private void passHeld() {
    holding.removeIf(SendingHalf::passHeld);
    if (!holding.isEmpty()) {
      schedule(this::passHeld, HOLD_NANOS);
    }
  }

  /** Asks the stream again, soon and until it says so, whether its FIN is written. */
  void await(SendingHalf stream) {
    boolean first = waiting.isEmpty();
    waiting.add(stream);
    if (first) {
      schedule(this::poll, POLL_NANOS);
    }
  }

  private void poll() {
    underWay.removeIf(stream -> StreamTable.isOver(channel, stream));
    waiting.removeIf(stream -> stream.finish(false));
    if (!waiting.isEmpty()) {
      schedule(this::poll, POLL_NANOS);
    }
  }

  /** Writes what still waits, and goes on when all is written or time is up. */
  void finish(int pollsLeft, Runnable then) {
    holding.forEach(outgoing::add);
    outgoing.run();
    waiting.removeIf(stream -> stream.finish(true));
    if (waiting.isEmpty() || pollsLeft == 0 || channel.eventLoop().isShuttingDown()) {
      then.run();
    } else {
      schedule(() -> finish(pollsLeft - 1, then), POLL_NANOS);
    }
  }

  /**
   * Whether a FIN that ends a stream should still wait; while the network takes no more, it would
   * not go out at once.
   *
   * @param taken when the codec took the last bytes before it
   * @param wanted when it was waited for first
   * @param asked how often this has been asked before: also where everything stood still for a
   *     while, what came in meanwhile is looked at first
   */
  boolean isTooEarly(QuicStreamChannel stream, long taken, long wanted, int asked) {
    look();
    long now = System.nanoTime();
    long acknowledge = 2 * roundTripNanos + PROBE_NANOS;
    boolean mayWait = now - wanted < MAX_DELAY_NANOS;
    return asked < MIN_POLLS
        || now - taken < acknowledge
        || (mayWait
            && (now - disturbedNanos < acknowledge
                || !StreamTable.hasRoom(stream)
                || underWay.size() >= MAX_UNDER_WAY));
  }

  /**
   * Where packets get lost, or as much is sent as the network takes, what the codec has taken may
   * be on its way for long.
   */
  private void look() {
    long now = System.nanoTime();
    long elapsed = now - lookedNanos;
    if (elapsed < POLL_NANOS) {
      return;
    }
    QuicConnectionPathStats path = channel.collectPathStats(0).getNow();
    if (path == null) {
      return; // the connection has ended
    }
    long repairs = path.lost() + path.retrans();
    double windows = (double) (path.sentBytes() - sentBytes) / Math.max(1, path.cwnd());
    double roundTrips = (double) elapsed / Math.max(1, path.rtt());
    if (repairs != repaired || windows > roundTrips / 4) {
      disturbedNanos = now;
    }
    lookedNanos = now;
    roundTripNanos = path.rtt();
    repaired = repairs;
    sentBytes = path.sentBytes();
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
      schedule(this::sweep, PAUSE_NANOS);
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
      schedule(this::sweep, PAUSE_NANOS);
    }
  }

  private void schedule(Runnable action, long nanos) {
    if (!channel.eventLoop().isShuttingDown()) {
      var _ = channel.eventLoop().schedule(action, nanos, TimeUnit.NANOSECONDS);
    }
  }
}
