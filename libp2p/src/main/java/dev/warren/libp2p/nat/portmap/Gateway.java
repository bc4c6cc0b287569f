package dev.warren.libp2p.nat.portmap;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;

/** A router that forwards ports to whoever asks it to. Its methods block, and bound their time. */
interface Gateway extends Closeable {

  /** How it is talked to, in words for people. */
  String name();

  /** The address of this machine on the router's side. */
  InetAddress localAddress();

  /**
   * Asks for a mapping, or renews it. The router may give another port than was wished for.
   *
   * @param externalPort the wish
   * @throws PortMappingRefusedException if the router answers that it does not
   */
  PortMapping map(PortMapping.Kind kind, int internalPort, int externalPort, Duration lifetime)
      throws IOException;

  /**
   * Whether it still has these mappings, as far as can be told without making them again: a router
   * that was restarted has forgotten all.
   */
  boolean keeps(Collection<PortMapping> mappings) throws IOException;

  /** Takes a mapping back. */
  void unmap(PortMapping mapping) throws IOException;

  @Override
  void close();
}
