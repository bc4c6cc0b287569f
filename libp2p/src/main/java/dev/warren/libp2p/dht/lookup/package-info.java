/**
 * Getting ever nearer to a key (libp2p/specs kad-dht, "Peer routing").
 *
 * <p>{@link dev.warren.libp2p.dht.lookup.Lookup} is the search itself, {@link
 * dev.warren.libp2p.dht.lookup.ResponseTimes} how long an answer may take. Pure, as the routing
 * table is: who runs a search asks it whom to ask, and tells it what came of that.
 */
@NullMarked
package dev.warren.libp2p.dht.lookup;

import org.jspecify.annotations.NullMarked;
