/**
 * A Kademlia DHT (libp2p/specs kad-dht; IPFS specs, routing/kad-dht).
 *
 * <p>{@link dev.warren.libp2p.dht.Dht} is the face. What decides is in the packages below, free of
 * threads, network and clocks: {@code routing} who is known, {@code lookup} how to get nearer,
 * {@code provide} whom to tell and when, {@code record} what is kept and believed, {@code wire} the
 * messages. Here is what runs them on a host: {@code LookupRunner} and {@code KadClient} ask,
 * {@code KadService} and {@code KadServer} answer, {@code Membership} and {@code Refresh} look
 * after the routing table.
 */
@NullMarked
package dev.warren.libp2p.dht;

import org.jspecify.annotations.NullMarked;
