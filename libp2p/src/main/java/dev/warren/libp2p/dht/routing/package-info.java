/**
 * Who is known, and how near they are (libp2p/specs kad-dht, "Kademlia routing table").
 *
 * <p>{@link dev.warren.libp2p.dht.routing.Key} is a place in the space of SHA-256 hashes, {@link
 * dev.warren.libp2p.dht.routing.Contact} a peer at its place, and {@link
 * dev.warren.libp2p.dht.routing.RoutingTable} the peers that a node remembers. All of it is pure:
 * no threads, no network, and time is a number that is passed in.
 */
@NullMarked
package dev.warren.libp2p.dht.routing;

import org.jspecify.annotations.NullMarked;
