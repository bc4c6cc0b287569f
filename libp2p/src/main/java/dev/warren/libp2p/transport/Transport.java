package dev.warren.libp2p.transport;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.IOException;
import java.util.function.Consumer;

/** A way to reach peers and to be reached. Safe for use by many threads. */
public interface Transport {

  /**
   * Whether this transport can dial or listen on the address; a {@code /p2p} part at its end is
   * ignored.
   */
  boolean handles(Multiaddr address);

  /**
   * Connects, blocking.
   *
   * @param cancellation ends the attempt from another thread, by time or by choice
   * @throws IOException when the peer cannot be reached or the attempt was cancelled
   */
  RawConnection dial(Multiaddr address, Cancellation cancellation) throws IOException;

  /**
   * Starts to accept connections.
   *
   * @param onConnection called on the accepting thread, so it must not block
   */
  Listener listen(Multiaddr address, Consumer<RawConnection> onConnection) throws IOException;
}
