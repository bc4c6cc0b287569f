/**
 * The shapes that transports, secure channels and multiplexers share, and the transports themselves
 * in packages below.
 *
 * <p>A {@link dev.warren.libp2p.transport.Transport} yields raw connections; a security protocol
 * turns one into a {@link dev.warren.libp2p.transport.SecureChannel}; a {@link
 * dev.warren.libp2p.transport.Muxer} turns that into a {@link
 * dev.warren.libp2p.transport.MuxedConnection} of many {@link
 * dev.warren.libp2p.transport.MuxedStream}s. All of them are blocking {@link
 * dev.warren.libp2p.transport.Duplex}es or made of them.
 */
@NullMarked
package dev.warren.libp2p.transport;

import org.jspecify.annotations.NullMarked;
