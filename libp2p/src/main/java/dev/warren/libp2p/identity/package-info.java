/**
 * Who a peer is: keys, peer ids, signed envelopes and peer records.
 *
 * <p>Follows the libp2p specifications peer-ids, RFC 0002 (signed envelopes) and RFC 0003 (address
 * records).
 */
@NullMarked
package dev.warren.libp2p.identity;

import org.jspecify.annotations.NullMarked;
