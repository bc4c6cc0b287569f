/**
 * Finds peers without knowing anybody: on the local network, by multicast DNS.
 *
 * <p>{@link dev.warren.libp2p.discovery.MdnsDiscovery} is the face. It announces and finds {@link
 * dev.warren.libp2p.discovery.ServiceName}s, of which {@code _p2p._udp.local} is the one that all
 * libp2p nodes share (libp2p/specs discovery/mdns.md); others, in the same form, let nodes find
 * those that serve one thing. Behind it {@code DnsReader} and {@code DnsWriter} are the messages
 * (RFC 1035), {@code Instance} and {@code Sighting} what they say in libp2p's form, {@code Paced}
 * and {@code Search} when we speak (RFC 6762), and {@code Link} the network.
 */
@NullMarked
package dev.warren.libp2p.discovery;

import org.jspecify.annotations.NullMarked;
