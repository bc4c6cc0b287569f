/**
 * A libp2p host: it listens, dials, and carries streams of protocols between peers.
 *
 * <p>{@link dev.warren.libp2p.host.Host} is the face. Behind it {@code Dialer} races the addresses
 * of a peer, {@code Upgrader} makes authenticated, multiplexed connections of raw ones, {@code
 * ConnectionTable} knows which of them is used for a peer, and {@code ResourceLedger} holds every
 * limit. {@link dev.warren.libp2p.host.HostBuilder} is the composition root: it alone looks upward,
 * to give each host the identify and ping protocols.
 */
@NullMarked
package dev.warren.libp2p.host;

import org.jspecify.annotations.NullMarked;
