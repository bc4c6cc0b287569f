package dev.warren.libp2p.host;

import dev.warren.libp2p.mux.yamux.YamuxSettings;
import java.time.Duration;

/**
 * What a host accepts from others, all of it: few limits, each with a default that fits a home
 * computer.
 *
 * @param maxConnections connections in all; further ones are refused
 * @param maxConnectionsPerIp inbound connections from one IPv4 address or IPv6 /64, loopback
 *     exempt; all of one /48 may have eight times as many
 * @param maxPendingHandshakes inbound connections that have not yet proved who they are
 * @param handshakeTimeout within which a connection must be secured and, when that was not part of
 *     it, the peer agree to the multiplexer
 * @param maxStreamsPerPeer streams that a peer may have open, over all of its connections
 * @param maxStreams streams of all peers being served at once
 * @param maxBufferedBytes received bytes that wait for our readers, of all connections; over QUIC
 *     as many may wait to be sent
 * @param lowWatermark what the number of connections is brought down to
 * @param highWatermark the number of connections from which the least useful are closed
 * @param idleTimeout after which a connection without streams is closed, unless it is protected
 */
public record Limits(
    int maxConnections,
    int maxConnectionsPerIp,
    int maxPendingHandshakes,
    Duration handshakeTimeout,
    int maxStreamsPerPeer,
    int maxStreams,
    long maxBufferedBytes,
    int lowWatermark,
    int highWatermark,
    Duration idleTimeout) {
  /** What a peer may have sent on one stream before anything of it is read, at first. */
  public static final int FIRST_WINDOW_BYTES = YamuxSettings.FIRST_WINDOW_BYTES;

  public Limits {
    if (lowWatermark > highWatermark || highWatermark > maxConnections) {
      throw new IllegalArgumentException(
          "the limits must satisfy lowWatermark ≤ highWatermark ≤ maxConnections");
    }
  }

  /** The defaults. */
  public static Limits defaults() {
    return new Limits(
        512,
        8,
        64,
        Duration.ofSeconds(10),
        2_048,
        8_192,
        Math.min(512L << 20, Runtime.getRuntime().maxMemory() / 4),
        160,
        192,
        Duration.ofMinutes(10));
  }

  /** For programs that open thousands of connections by themselves, such as benches and relays. */
  public Limits withConnections(int connections) {
    return new Limits(
        connections,
        maxConnectionsPerIp,
        Math.max(maxPendingHandshakes, connections / 8),
        handshakeTimeout,
        maxStreamsPerPeer,
        maxStreams,
        maxBufferedBytes,
        connections,
        connections,
        idleTimeout);
  }
}
