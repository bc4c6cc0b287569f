/**
 * What goes over a stream of the DHT (libp2p/specs kad-dht, "RPC messages"): {@link
 * dev.warren.libp2p.dht.wire.Request} and {@link dev.warren.libp2p.dht.wire.Response} as values,
 * {@link dev.warren.libp2p.dht.wire.KadCodec} their bytes, and {@link
 * dev.warren.libp2p.dht.wire.Frames} where one ends and the next begins.
 */
@NullMarked
package dev.warren.libp2p.dht.wire;

import org.jspecify.annotations.NullMarked;
