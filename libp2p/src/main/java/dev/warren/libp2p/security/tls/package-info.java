/**
 * What libp2p adds to TLS 1.3: certificates that prove who a peer is. Specification: tls/tls.md.
 *
 * <p>A peer signs its certificate with a key made for the occasion, and carries in an extension of
 * it the host key and that key's signature of the former. The handshake itself is the business of
 * whoever uses TLS, which is QUIC.
 */
@NullMarked
package dev.warren.libp2p.security.tls;

import org.jspecify.annotations.NullMarked;
