/**
 * Whether others can dial this host, at which addresses, and what is in their way: one value,
 * {@link dev.warren.libp2p.nat.reachability.Reachability}, that a {@link
 * dev.warren.libp2p.nat.reachability.ReachabilityTracker} keeps up to date from what peers say by
 * identify and what servers of AutoNAT find.
 *
 * <p>What a NAT does is named as in RFC 4787.
 */
@NullMarked
package dev.warren.libp2p.nat.reachability;

import org.jspecify.annotations.NullMarked;
