/**
 * Self-describing values: varint, multibase, multihash, CID and multiaddr.
 *
 * <p>Pure values without I/O; only an IPv6 zone is looked up among this machine's interfaces. All
 * bad text and bytes end in {@link dev.warren.libp2p.multiformats.MalformedException}. Follows the
 * multiformats specifications and the libp2p addressing specification.
 */
@NullMarked
package dev.warren.libp2p.multiformats;

import org.jspecify.annotations.NullMarked;
