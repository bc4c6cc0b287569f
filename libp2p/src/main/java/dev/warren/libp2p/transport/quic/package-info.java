/**
 * QUIC version 1: connections that are secured and multiplexed by themselves, all of those of an
 * address over one UDP socket. Specifications: quic/README.md, RFC 9000.
 *
 * <p>Netty's codec, which wraps quiche, lives on an event loop; what this package gives to others
 * blocks. {@link dev.warren.libp2p.transport.quic.QuicConnection} and {@link
 * dev.warren.libp2p.transport.quic.QuicStream} are the bridge: handlers at one end, which put down
 * what happens under a lock, and blocking calls at the other.
 */
@NullMarked
package dev.warren.libp2p.transport.quic;

import org.jspecify.annotations.NullMarked;
