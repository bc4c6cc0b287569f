/**
 * How fast two peers can send to each other
 *
 * <p>Follows the libp2p specification `/perf/1.0.0`.:perf/perf.md.
 */
@NullMarked
package dev.warren.libp2p.protocol.perf;

import org.jspecify.annotations.NullMarked;
