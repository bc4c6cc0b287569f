package dev.warren.libp2p.transport.quic;

import dev.warren.libp2p.transport.MemoryBudget;
import java.time.Duration;

/**
 * What a QUIC transport allows its peers, and for how long it waits for them.
 *
 * @param idleTimeout after which a connection on which nothing arrives has ended
 * @param keepAlive how often a connection is used for its own sake, so that neither end nor a NAT
 *     between them takes it for idle
 * @param maxStreams streams that a peer may have open on one connection
 * @param connectionWindowBytes bytes that a peer may send on a connection before we have taken any;
 *     the codec goes on with a window of 48 KiB, which grows as fast as a peer that starts slowly,
 *     and with much more here would leave it that small until all of that is used up
 * @param streamWindowBytes the same for one stream, where the codec goes on with 32 KiB
 * @param unvalidatedHandshakes handshakes under way from which on a peer has to prove, which costs
 *     it a round trip, that it is at the address it claims (RFC 9000 §8.1.2)
 * @param receivedMemory what all connections have for bytes that wait for our readers
 * @param sendingMemory what they have for bytes that wait to be sent
 */
public record QuicSettings(
    Duration idleTimeout,
    Duration keepAlive,
    int maxStreams,
    long connectionWindowBytes,
    long streamWindowBytes,
    int unvalidatedHandshakes,
    MemoryBudget receivedMemory,
    MemoryBudget sendingMemory) {

  /** Without a limit on what all connections take together. */
  public QuicSettings(
      Duration idleTimeout,
      Duration keepAlive,
      int maxStreams,
      long connectionWindowBytes,
      long streamWindowBytes,
      int unvalidatedHandshakes) {
    this(
        idleTimeout,
        keepAlive,
        maxStreams,
        connectionWindowBytes,
        streamWindowBytes,
        unvalidatedHandshakes,
        MemoryBudget.unlimited(),
        MemoryBudget.unlimited());
  }

  /**
   * More than the half of its window at which the codec gives a stream more, and less than the half
   * at which it does so for a connection.
   */
  private static final long LEFT_WITH_THE_CODEC_BYTES = 20 << 10;

  /** The defaults. */
  public static QuicSettings defaults() {
    return new QuicSettings(
        Duration.ofSeconds(30), Duration.ofSeconds(15), 2_048, 96 << 10, 512 << 10, 16);
  }

  /**
   * What is taken from the codec of a stream that nobody reads. What is left with the codec takes
   * of the connection's window, and when that is more than half of it the codec gives the peer no
   * more for any stream; were nothing left, it would give it more for this one, again and again.
   */
  long readAheadBytes() {
    return streamWindowBytes - LEFT_WITH_THE_CODEC_BYTES;
  }

  /** These with another number of streams. */
  public QuicSettings withMaxStreams(int streams) {
    return new QuicSettings(
        idleTimeout,
        keepAlive,
        streams,
        connectionWindowBytes,
        streamWindowBytes,
        unvalidatedHandshakes,
        receivedMemory,
        sendingMemory);
  }

  /** These with limits on what all connections take together. */
  public QuicSettings withMemory(MemoryBudget received, MemoryBudget sending) {
    return new QuicSettings(
        idleTimeout,
        keepAlive,
        maxStreams,
        connectionWindowBytes,
        streamWindowBytes,
        unvalidatedHandshakes,
        received,
        sending);
  }
}
