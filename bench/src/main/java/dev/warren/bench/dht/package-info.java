/**
 * Thousands of nodes of the DHT in one thread and in virtual time: the routing tables, look-ups and
 * providing are those of {@code dev.warren.libp2p.dht}; network, machines and their owners are made
 * up.
 */
@NullMarked
package dev.warren.bench.dht;

import org.jspecify.annotations.NullMarked;
