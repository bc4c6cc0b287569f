/**
 * Connections by way of a third peer, where there is no direct one. Specification:
 * relay/circuit-v2.md.
 *
 * <p>{@link dev.warren.libp2p.nat.relay.RelayServer} is the one in the middle, {@link
 * dev.warren.libp2p.nat.relay.RelayClient} either end.
 */
@NullMarked
package dev.warren.libp2p.nat.relay;

import org.jspecify.annotations.NullMarked;
