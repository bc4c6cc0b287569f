package dev.warren.libp2p.transport;

import dev.warren.libp2p.multiformats.Multiaddr;
import java.io.Closeable;

/** An address that accepts connections until it is closed. */
public interface Listener extends Closeable {

  /** The address in use, with the port that the system chose where none was asked for. */
  Multiaddr address();

  /** Stops accepting; connections already accepted stay. */
  @Override
  void close();
}
