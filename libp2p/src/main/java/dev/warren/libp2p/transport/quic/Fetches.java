package dev.warren.libp2p.transport.quic;

import io.netty.channel.EventLoop;
import java.util.LinkedHashSet;

/**
 * Fetches from the codec what has come for the streams of a connection, and wakes those who wait
 * for it: once for each stream after all packets have been looked at, and not for each packet.
 * Owned by the event loop.
 */
final class Fetches {
  private final EventLoop loop;
  private final LinkedHashSet<ReceivingHalf> due = new LinkedHashSet<>();

  Fetches(EventLoop loop) {
    this.loop = loop;
  }

  /** Visits the stream soon. */
  void add(ReceivingHalf stream) {
    boolean first = due.isEmpty();
    due.add(stream);
    if (first && !loop.isShuttingDown()) {
      loop.execute(this::run);
    }
  }

  private void run() {
    while (!due.isEmpty()) {
      ReceivingHalf stream = due.getFirst();
      try {
        stream.visit(); // which may call for another, until all is fetched
      } finally {
        due.remove(stream);
      }
    }
  }
}
