/**
 * Whether a peer is there, and how far
 *
 * <p>Follows the libp2p specification `/ipfs/ping/1.0.0`.:ping/ping.md.
 */
@NullMarked
package dev.warren.libp2p.protocol.ping;

import org.jspecify.annotations.NullMarked;
