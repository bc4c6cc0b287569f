/**
 * Agreeing on a protocol: multistream-select 1.0.
 *
 * <p>Follows the libp2p specification connections/README.md, "Multistream-select", and the wire
 * format of multistream-select 1.0: each message is a varint length, the text, and a newline.
 */
@NullMarked
package dev.warren.libp2p.negotiate;

import org.jspecify.annotations.NullMarked;
