/**
 * Peers of four libp2p implementations in processes of their own, and the suite that lets them
 * meet.
 *
 * <p>All of them take the same commands, which {@code interop/peers/README.md} describes; {@link
 * dev.warren.interop.WarrenPeer} is the one on the stack of this repository.
 */
@NullMarked
package dev.warren.interop;

import org.jspecify.annotations.NullMarked;
