package dev.warren.libp2p.transport.quic;

import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.StreamTable;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that a FIN that is sent alone arrives. The codec forgets one that is written while
 * nothing but repeated data waits to be sent on its stream, which happens where packets are lost or
 * late; the peer would wait for it for ever. Writing the FIN again mends it, and is harmless
 * otherwise. Owned by the event loop.
 */
final class Endings {
  private static final int PAUSE_MILLIS = 200;

  /** After the last one a FIN has been under way for half a minute. */
  private static final int MAX_TRIES = 7;

  private final QuicChannel channel;
  private final ArrayDeque<Ending> open = new ArrayDeque<>();
  private long sweeps;

  private record Ending(long stream, int tries, long dueSweep) {}

  Endings(QuicChannel channel) {
    this.channel = channel;
  }

  /** The FIN of the stream has been written: repeats it at once and from time to time. */
  void add(long stream) {
    if (!StreamTable.repeatFin(channel, stream)) {
      return;
    }
    open.add(new Ending(stream, 0, sweeps + 1));
    if (open.size() == 1) {
      schedule();
    }
  }

  private void schedule() {
    if (!channel.eventLoop().isShuttingDown()) {
      var _ = channel.eventLoop().schedule(this::sweep, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Looks at each stream half as often as the time before: a peer may leave its half open. */
  private void sweep() {
    sweeps++;
    for (int left = open.size(); left > 0 && channel.isOpen(); left--) {
      Ending ending = open.removeFirst();
      if (ending.dueSweep > sweeps) {
        open.add(ending);
      } else if (StreamTable.repeatFin(channel, ending.stream) && ending.tries < MAX_TRIES) {
        int tries = ending.tries + 1;
        open.add(new Ending(ending.stream, tries, sweeps + (1L << tries)));
      }
    }
    if (!channel.isOpen()) {
      open.clear();
    } else if (!open.isEmpty()) {
      schedule();
    }
  }
}
