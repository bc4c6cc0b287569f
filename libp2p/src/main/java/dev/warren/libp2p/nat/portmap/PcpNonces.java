package dev.warren.libp2p.nat.portmap;

import java.security.SecureRandom;
import java.util.EnumMap;
import java.util.Map;

/**
 * RFC 6887 §11.2: who wants to change a mapping must know the nonce by which it was made. They are
 * kept for longer than a {@link PcpGateway}, which goes when the router was silent.
 */
final class PcpNonces {
  private final SecureRandom random = new SecureRandom();
  private final Map<PortMapping.Kind, byte[]> nonces = new EnumMap<>(PortMapping.Kind.class);

  byte[] of(PortMapping.Kind kind) {
    return nonces.computeIfAbsent(kind, _ -> newNonce());
  }

  private byte[] newNonce() {
    byte[] nonce = new byte[PcpMessages.NONCE_BYTES];
    random.nextBytes(nonce);
    return nonce;
  }
}
