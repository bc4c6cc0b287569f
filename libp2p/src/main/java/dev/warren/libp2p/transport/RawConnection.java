package dev.warren.libp2p.transport;

import dev.warren.libp2p.multiformats.Multiaddr;

/** A connection that still has to be secured and multiplexed. */
public interface RawConnection extends Duplex {

  /** Our end, as the transport sees it. */
  Multiaddr localAddress();

  /** The peer's end, as the transport sees it. */
  Multiaddr remoteAddress();

  /** Whether it will soon be cut off, after little time or few bytes, as that of a relay may. */
  default boolean isLimited() {
    return false;
  }
}
