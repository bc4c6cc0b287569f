/**
 * The stream multiplexer {@code /yamux/1.0.0}.
 *
 * <p>Follows the libp2p specification <a
 * href="https://github.com/libp2p/specs/blob/master/yamux/README.md">yamux</a>. {@link
 * dev.warren.libp2p.mux.yamux.YamuxConnection} opens with how it works and why.
 */
@NullMarked
package dev.warren.libp2p.mux.yamux;

import org.jspecify.annotations.NullMarked;
