package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.transport.MemoryBudget;
import java.time.Duration;

/**
 * What one end of a connection allows the other.
 *
 * @param maxInboundStreams streams that the peer may have open at once; more are reset
 * @param maxOutboundStreams streams that we may have open at once; opening more fails
 * @param maxUnacknowledgedStreams streams that either end may open ahead of the other's
 *     acknowledgement (spec: "SHOULD at most allow an ACK backlog of 256 streams")
 * @param maxWindowBytes to where the receive window of one stream may grow
 * @param maxWindowGrowthBytes what all streams of a connection may add to their first windows
 * @param memory asked before a window grows
 * @param maxBufferedBytes what all streams of a connection may have waiting for their readers
 * @param buffers asked before received bytes are kept for a reader; a stream that finds no room is
 *     reset
 * @param keepAliveInterval time between pings
 * @param pingTimeout how long an answer may take while nothing else arrives either
 * @param closeLinger how long the peer may take to finish a stream that we have closed
 */
public record YamuxSettings(
    int maxInboundStreams,
    int maxOutboundStreams,
    int maxUnacknowledgedStreams,
    int maxWindowBytes,
    long maxWindowGrowthBytes,
    MemoryBudget memory,
    long maxBufferedBytes,
    MemoryBudget buffers,
    Duration keepAliveInterval,
    Duration pingTimeout,
    Duration closeLinger) {
  /** The receive window that every stream begins with (spec: "256KB"). */
  public static final int FIRST_WINDOW_BYTES = ReceiveWindow.INITIAL_BYTES;

  public YamuxSettings {
    positive(maxInboundStreams, "maxInboundStreams");
    positive(maxOutboundStreams, "maxOutboundStreams");
    positive(maxUnacknowledgedStreams, "maxUnacknowledgedStreams");
    positive(keepAliveInterval.toNanos(), "keepAliveInterval");
    positive(pingTimeout.toNanos(), "pingTimeout");
    positive(closeLinger.toNanos(), "closeLinger");
    if (maxWindowBytes < FIRST_WINDOW_BYTES || maxWindowGrowthBytes < 0) {
      throw new IllegalArgumentException("windows cannot be smaller than the protocol's first one");
    }
  }

  /** Sound for a node on the open internet. */
  public static YamuxSettings defaults() {
    return new YamuxSettings(
        2_048,
        16_384,
        256,
        16 << 20,
        64 << 20,
        MemoryBudget.unlimited(),
        128 << 20,
        MemoryBudget.unlimited(),
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Duration.ofSeconds(60));
  }

  /** These settings with other limits on open streams. */
  public YamuxSettings withMaxStreams(int inbound, int outbound) {
    return new YamuxSettings(
        inbound,
        outbound,
        maxUnacknowledgedStreams,
        maxWindowBytes,
        maxWindowGrowthBytes,
        memory,
        maxBufferedBytes,
        buffers,
        keepAliveInterval,
        pingTimeout,
        closeLinger);
  }

  /** These settings with other limits on how far windows grow. */
  public YamuxSettings withWindows(int maxBytes, long maxGrowthBytes, MemoryBudget budget) {
    return new YamuxSettings(
        maxInboundStreams,
        maxOutboundStreams,
        maxUnacknowledgedStreams,
        maxBytes,
        maxGrowthBytes,
        budget,
        maxBufferedBytes,
        buffers,
        keepAliveInterval,
        pingTimeout,
        closeLinger);
  }

  /** These settings with other limits on what may wait for readers. */
  public YamuxSettings withBuffers(long maxBytes, MemoryBudget budget) {
    return new YamuxSettings(
        maxInboundStreams,
        maxOutboundStreams,
        maxUnacknowledgedStreams,
        maxWindowBytes,
        maxWindowGrowthBytes,
        memory,
        maxBytes,
        budget,
        keepAliveInterval,
        pingTimeout,
        closeLinger);
  }

  /** These settings with other times. */
  public YamuxSettings withTimes(Duration keepAlive, Duration ping, Duration linger) {
    return new YamuxSettings(
        maxInboundStreams,
        maxOutboundStreams,
        maxUnacknowledgedStreams,
        maxWindowBytes,
        maxWindowGrowthBytes,
        memory,
        maxBufferedBytes,
        buffers,
        keepAlive,
        ping,
        linger);
  }

  private static void positive(long value, String name) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive");
    }
  }
}
