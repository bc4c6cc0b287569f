package dev.warren.libp2p.discovery;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;

/** The local network: sends to everybody who listens for multicast DNS, and hears them. */
interface Link extends AutoCloseable {

  @FunctionalInterface
  interface Receiver {
    /** A message came; called from any thread. */
    void received(byte[] message, InetAddress source);
  }

  /**
   * Looks at the interfaces that there are, begins to listen on new ones, and lists them.
   *
   * @throws IOException if there is no way to listen at all; a later call may find one
   */
  List<Face> faces() throws IOException;

  /** Sends to all on the network of an interface, this machine's programs included. */
  void send(Face face, byte[] message) throws IOException;

  /** Ends the listening. */
  @Override
  void close();
}
