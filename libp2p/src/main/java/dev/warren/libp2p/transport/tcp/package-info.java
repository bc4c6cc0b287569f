/**
 * TCP over IPv4 and IPv6, on the JDK's channels in blocking mode.
 *
 * <p>A virtual thread that blocks on such a channel gives its carrier back and holds no buffer.
 */
@NullMarked
package dev.warren.libp2p.transport.tcp;

import org.jspecify.annotations.NullMarked;
