/**
 * What a node keeps for others (libp2p/specs kad-dht, "Content provider advertisement and
 * discovery", "Entry validation"): who provides what, and values that prove themselves.
 *
 * <p>{@link dev.warren.libp2p.dht.record.RecordStore} is where they are kept, {@link
 * dev.warren.libp2p.dht.record.MemoryRecords} the one that comes along. A {@link
 * dev.warren.libp2p.dht.record.Validator} tells a true value from a false one and the newer from
 * the older; each belongs to one namespace, and values outside all namespaces are refused.
 */
@NullMarked
package dev.warren.libp2p.dht.record;

import org.jspecify.annotations.NullMarked;
