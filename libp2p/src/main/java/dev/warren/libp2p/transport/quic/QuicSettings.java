package dev.warren.libp2p.transport.quic;

import java.time.Duration;

/**
 * What a QUIC transport allows its peers, and for how long it waits for them.
 *
 * @param idleTimeout after which a connection on which nothing arrives has ended
 * @param keepAlive how often a connection is used for its own sake, so that neither end nor a NAT
 *     between them takes it for idle
 * @param maxStreams streams that a peer may have open on one connection
 * @param connectionWindowBytes received bytes of a connection that wait for our readers, at first;
 *     the window grows for readers that keep up
 * @param streamWindowBytes the same for one stream
 * @param unvalidatedHandshakes handshakes under way from which on a peer has to prove, which costs
 *     it a round trip, that it is at the address it claims (RFC 9000 §8.1.2)
 */
public record QuicSettings(
    Duration idleTimeout,
    Duration keepAlive,
    int maxStreams,
    long connectionWindowBytes,
    long streamWindowBytes,
    int unvalidatedHandshakes) {

  /** The defaults. */
  public static QuicSettings defaults() {
    return new QuicSettings(
        Duration.ofSeconds(30), Duration.ofSeconds(15), 2_048, 1 << 20, 512 << 10, 16);
  }

  /** These with another number of streams. */
  public QuicSettings withMaxStreams(int streams) {
    return new QuicSettings(
        idleTimeout,
        keepAlive,
        streams,
        connectionWindowBytes,
        streamWindowBytes,
        unvalidatedHandshakes);
  }
}
