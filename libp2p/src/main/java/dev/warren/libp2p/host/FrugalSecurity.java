package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.SecureChannel;
import dev.warren.libp2p.transport.Security;
import java.io.IOException;
import java.util.Optional;

/** Has every channel be frugal with memory, for hosts with thousands of connections. */
record FrugalSecurity(Security security) implements Security {
  @Override
  public String protocolId() {
    return security.protocolId();
  }

  @Override
  public SecureChannel secureOutbound(Duplex raw, Optional<PeerId> expected) throws IOException {
    return frugal(security.secureOutbound(raw, expected));
  }

  @Override
  public SecureChannel secureInbound(Duplex raw) throws IOException {
    return frugal(security.secureInbound(raw));
  }

  private static SecureChannel frugal(SecureChannel channel) {
    channel.beFrugal();
    return channel;
  }
}
