/**
 * The Noise security protocol of libp2p: {@code Noise_XX_25519_ChaChaPoly_SHA256} with the peers'
 * identities, and the multiplexers they know, in the handshake's payloads.
 *
 * <p>Follows the libp2p specifications noise/README.md and connections/inlined-muxer-negotiation.md
 * and the Noise Protocol Framework, revision 34. {@link dev.warren.libp2p.security.noise.Noise} is
 * the way in; it runs a {@link dev.warren.libp2p.security.noise.NoiseHandshake}, which drives a
 * {@link dev.warren.libp2p.security.noise.HandshakeState} and leaves a {@link
 * dev.warren.libp2p.security.noise.NoiseChannel}.
 */
@NullMarked
package dev.warren.libp2p.security.noise;

import org.jspecify.annotations.NullMarked;
