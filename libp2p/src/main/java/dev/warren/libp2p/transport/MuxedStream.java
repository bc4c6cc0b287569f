package dev.warren.libp2p.transport;

import java.io.IOException;
import java.time.Duration;

/**
 * One stream of a multiplexed connection.
 *
 * <p>{@link #close} ends both directions in good order: what was written is delivered, what the
 * peer still sends is dropped. {@link #reset} ends them at once, and the peer is told so.
 */
public interface MuxedStream extends Duplex {

  /**
   * Gives the stream up; blocked reads and writes on both ends fail with {@link
   * StreamResetException}.
   */
  void reset(long code);

  /**
   * Waits until a read would not: so that whoever reads needs no array meanwhile. Bounded and ended
   * as a read is.
   */
  void awaitReadable() throws IOException;

  /** Ends the reading half: what the peer still sends is dropped. */
  void closeRead();

  /**
   * Bounds each read; {@link Duration#ZERO} for no bound. A read that takes longer fails with
   * {@link java.net.SocketTimeoutException} and loses nothing: it may be tried again.
   */
  void setReadTimeout(Duration timeout);

  /**
   * Bounds how long each write waits for the peer to make room; {@link Duration#ZERO} for no bound.
   * A write that takes longer fails with {@link java.net.SocketTimeoutException}; since part of it
   * may have been sent, only a reset is safe afterwards.
   */
  void setWriteTimeout(Duration timeout);
}
