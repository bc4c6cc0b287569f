package dev.warren.libp2p.transport.quic;

import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.StreamTable;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Hands to the codec what the streams of a connection send: after all that has come in has been
 * looked at, and one chunk of each in turns. The codec's own way to write looks after each packet
 * how much the network takes, without sending what it was given after the one before; so it takes
 * many times as much, and all of it stands in the way of what is more urgent. Owned by the event
 * loop.
 */
final class Outgoing {
  private static final int MAX_TRIED = 128;
  private static final int RETRY_MILLIS = 5;

  private final QuicChannel channel;
  private final UdpSocket socket;
  private final Set<SendingHalf> ready = new LinkedHashSet<>();
  private final LinkedHashSet<SendingHalf> blocked = new LinkedHashSet<>();
  private boolean scheduled;
  private boolean retrying;
  private boolean awaitingReads;

  Outgoing(QuicChannel channel, UdpSocket socket) {
    this.channel = channel;
    this.socket = socket;
  }

  /** Takes turns with the stream soon. */
  void add(SendingHalf stream) {
    if (!blocked.contains(stream)) {
      ready.add(stream);
    }
    if (!scheduled && !ready.isEmpty() && !channel.eventLoop().isShuttingDown()) {
      scheduled = true;
      channel.eventLoop().execute(this::run);
    }
  }

  /** Takes turns with all streams that have something, until the codec takes no more. */
  void run() {
    scheduled = false;
    while (!ready.isEmpty()) {
      SendingHalf stream = ready.iterator().next();
      ready.remove(stream);
      switch (stream.pass()) {
        case PASSED -> ready.add(stream);
        case BLOCKED -> blocked.add(stream);
        case NOTHING_LEFT -> {}
      }
    }
    if (!blocked.isEmpty() && !awaitingReads) {
      awaitingReads = true;
      socket.afterNextReads(this::onReads);
    }
    StreamTable.flush(channel);
  }

  /**
   * Something came from the network, maybe for others, and maybe that there is room. Not all are
   * tried at once: a peer may give no room to thousands.
   */
  private void unblock() {
    for (int i = 0; i < MAX_TRIED && !blocked.isEmpty(); i++) {
      ready.add(blocked.removeFirst());
    }
    if (!blocked.isEmpty() && !retrying && !channel.eventLoop().isShuttingDown()) {
      retrying = true;
      var _ = channel.eventLoop().schedule(this::retry, RETRY_MILLIS, TimeUnit.MILLISECONDS);
    }
    run();
  }

  private void onReads() {
    awaitingReads = false;
    unblock();
  }

  private void retry() {
    retrying = false;
    unblock();
  }
}
