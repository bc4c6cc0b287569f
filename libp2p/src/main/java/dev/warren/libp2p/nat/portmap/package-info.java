/**
 * Ports that the router in front of this machine forwards to it, where it can be asked: by PCP (RFC
 * 6887), NAT-PMP (RFC 6886) or UPnP's Internet Gateway Device. Of IPv4 alone.
 */
@NullMarked
package dev.warren.libp2p.nat.portmap;

import org.jspecify.annotations.NullMarked;
