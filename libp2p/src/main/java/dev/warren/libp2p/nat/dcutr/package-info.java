/**
 * Direct connections in place of relayed ones: the two ends of a circuit dial each other at the
 * same moment, so that each end's NAT takes the other's packets for answers. Specification:
 * relay/DCUtR.md.
 */
@NullMarked
package dev.warren.libp2p.nat.dcutr;

import org.jspecify.annotations.NullMarked;
