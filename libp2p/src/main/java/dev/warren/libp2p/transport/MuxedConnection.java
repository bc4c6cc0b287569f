package dev.warren.libp2p.transport;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/** A connection that carries many streams. Safe for use by many threads. */
public interface MuxedConnection extends Closeable {

  /** Receives the streams that the peer opens. */
  @FunctionalInterface
  interface Acceptor {
    /**
     * Takes a new stream. Called on the reading thread, so it must not block.
     *
     * @return false to refuse the stream, which is then reset
     */
    boolean accept(MuxedStream stream);
  }

  /**
   * Reads until the connection ends, on the calling thread. Called exactly once.
   *
   * @return why it ended; a {@link ConnectionClosedException} when an end closed it in good order
   */
  IOException run(Acceptor acceptor);

  /**
   * Opens a stream. The peer hears of it when it is first used, which blocks, for a bounded time,
   * while too many streams wait for the peer to accept them.
   */
  MuxedStream openStream() throws IOException;

  /** The number of streams that are open, ours and the peer's. */
  int streamCount();

  /** Measures one round trip. */
  Duration ping() throws IOException;

  /** Lets go of buffers when nothing has moved since the last call. */
  void trim();

  /** Ends everything at once; what the peer is told is at most that the connection is gone. */
  void abort();

  /** Tells the peer and ends all streams. */
  @Override
  void close();
}
