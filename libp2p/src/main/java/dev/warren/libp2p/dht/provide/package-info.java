/**
 * Making known what a node provides, at the least cost: {@link
 * dev.warren.libp2p.dht.provide.NetworkSize} guesses how many peers there are, {@link
 * dev.warren.libp2p.dht.provide.OptimisticProvide} uses that to store records before a look-up has
 * come to its end, and {@link dev.warren.libp2p.dht.provide.Sweep} says which keys to provide again
 * together, and when. {@link dev.warren.libp2p.dht.provide.Crowd} shows the way around those who
 * want a key for themselves. Pure, as the routing table is.
 */
@NullMarked
package dev.warren.libp2p.dht.provide;

import org.jspecify.annotations.NullMarked;
