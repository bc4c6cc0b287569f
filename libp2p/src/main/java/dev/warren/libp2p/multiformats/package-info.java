/**
 * Self-describing values: varint, multibase, multihash, CID and multiaddr.
 *
 * <p>Pure values without I/O. Follows the multiformats specifications and the libp2p addressing
 * specification.
 */
@NullMarked
package dev.warren.libp2p.multiformats;

import org.jspecify.annotations.NullMarked;
