/**
 * Who a peer is and what it speaks
 *
 * <p>Follows the libp2p specification `/ipfs/id/1.0.0` and
 * `/ipfs/id/push/1.0.0`.:identify/README.md.
 */
@NullMarked
package dev.warren.libp2p.protocol.identify;

import org.jspecify.annotations.NullMarked;
