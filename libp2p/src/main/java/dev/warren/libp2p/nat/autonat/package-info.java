/**
 * Asking others to dial back, and dialing back those who ask: whether an address leads to a host
 * only others can tell. Specifications: autonat/autonat-v1.md, autonat/autonat-v2.md.
 *
 * <p>{@link dev.warren.libp2p.nat.autonat.AutoNatServer} answers both versions, {@link
 * dev.warren.libp2p.nat.autonat.AutoNatClient} asks either. What to make of the answers is for the
 * package {@code reachability}.
 */
@NullMarked
package dev.warren.libp2p.nat.autonat;

import org.jspecify.annotations.NullMarked;
