package dev.warren.libp2p.transport;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.multiformats.Multiaddr;

/**
 * A connection whose other end has proved who it is, and that carries many streams.
 *
 * @param remoteKey the key that the peer proved to hold
 * @param localAddress our end, as the transport sees it
 * @param remoteAddress the peer's end, as the transport sees it
 * @param muxed the streams
 * @param earlyMuxer whether the multiplexer was agreed on within the handshake
 * @param limited as {@link RawConnection#isLimited}
 */
public record SecuredConnection(
    PublicKey remoteKey,
    Multiaddr localAddress,
    Multiaddr remoteAddress,
    MuxedConnection muxed,
    boolean earlyMuxer,
    boolean limited) {

  /** The peer at the other end. */
  public PeerId remotePeer() {
    return remoteKey.peerId();
  }
}
