package dev.warren.libp2p.transport.quic;

import dev.warren.libp2p.transport.StreamClosedException;
import dev.warren.libp2p.transport.StreamResetException;
import java.io.IOException;

/** How one half of a stream has ended, for whoever still uses it. */
sealed interface StreamEnding {
  /** What whoever still reads or writes is told. */
  IOException told();

  /** This end closed the half. */
  enum Closed implements StreamEnding {
    INSTANCE;

    @Override
    public IOException told() {
      return new StreamClosedException();
    }
  }

  /** One of the ends gave the stream up. */
  record Reset(long code, boolean remote) implements StreamEnding {
    @Override
    public IOException told() {
      return new StreamResetException(code, remote);
    }
  }

  /** The connection has ended. */
  record Lost(QuicConnection connection) implements StreamEnding {
    @Override
    public IOException told() {
      return connection.lost();
    }
  }
}
