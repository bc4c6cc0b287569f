package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.StreamClosedException;
import dev.warren.libp2p.transport.StreamResetException;
import java.io.IOException;

/** Why one half of a stream cannot be used any more. */
sealed interface Ending {

  /** For the caller that tries nevertheless; made anew, so that its stack trace is the caller's. */
  IOException exception();

  /** This end closed it. */
  record Closed() implements Ending {
    static final Closed INSTANCE = new Closed();

    @Override
    public IOException exception() {
      return new StreamClosedException();
    }
  }

  /** One of the ends gave the stream up. */
  record Reset(long code, boolean remote) implements Ending {
    @Override
    public IOException exception() {
      return new StreamResetException(code, remote);
    }
  }

  /** The connection has ended. */
  record Lost(IOException cause) implements Ending {
    @Override
    public IOException exception() {
      return new ConnectionClosedException(
          "the connection has ended: " + cause.getMessage(), cause);
    }
  }
}
