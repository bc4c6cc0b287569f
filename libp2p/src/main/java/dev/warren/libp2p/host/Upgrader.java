package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.negotiate.LazyNegotiation;
import dev.warren.libp2p.negotiate.MultistreamSelect;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.MuxedConnection;
import dev.warren.libp2p.transport.Muxer;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.SecureChannel;
import dev.warren.libp2p.transport.Security;
import java.io.IOException;
import java.util.Optional;

/**
 * Makes authenticated, multiplexed connections of raw ones. Specification: connections/README.md.
 */
final class Upgrader {

  /** What an upgrade yields. */
  record Upgraded(SecureChannel channel, MuxedConnection muxed) {}

  private final Security security;
  private final Muxer muxer;

  Upgrader(Security security, Muxer muxer) {
    this.security = security;
    this.muxer = muxer;
  }

  /**
   * Upgrades a connection that we dialed.
   *
   * <p>There is one security protocol and one multiplexer to offer, so both are offered lazily:
   * with the peer's multiplexer agreed on during the handshake or not, the first stream's request
   * leaves in the third flight.
   */
  Upgraded outbound(RawConnection raw, Optional<PeerId> expected) throws IOException {
    Duplex negotiated = MultistreamSelect.lazy(raw, security.protocolId());
    SecureChannel channel = security.secureOutbound(negotiated, expected);
    SecureChannel agreed =
        hasEarlyMuxer(channel)
            ? channel
            : new NegotiatingChannel(channel, MultistreamSelect.lazy(channel, muxer.protocolId()));
    return new Upgraded(channel, muxer.over(agreed, true));
  }

  /** Upgrades a connection that we accepted. */
  Upgraded inbound(RawConnection raw) throws IOException {
    MultistreamSelect.answer(raw, security.protocolId()::equals);
    SecureChannel channel = security.secureInbound(raw);
    if (!hasEarlyMuxer(channel)) {
      MultistreamSelect.answer(channel, muxer.protocolId()::equals);
    }
    return new Upgraded(channel, muxer.over(channel, false));
  }

  private boolean hasEarlyMuxer(SecureChannel channel) {
    return channel.earlyMuxer().filter(muxer.protocolId()::equals).isPresent();
  }

  /** A secure channel on which the multiplexer has been offered but not yet agreed to. */
  private record NegotiatingChannel(SecureChannel channel, LazyNegotiation negotiation)
      implements SecureChannel {
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return negotiation.read(buffer, offset, length);
    }

    @Override
    public int available() {
      return negotiation.available();
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      negotiation.write(buffer, offset, length);
    }

    @Override
    public void closeWrite() throws IOException {
      negotiation.closeWrite();
    }

    @Override
    public void close() {
      channel.close();
    }

    @Override
    public PeerId remotePeer() {
      return channel.remotePeer();
    }

    @Override
    public PublicKey remoteKey() {
      return channel.remoteKey();
    }

    @Override
    public Optional<String> earlyMuxer() {
      return channel.earlyMuxer();
    }

    @Override
    public void trim() {
      channel.trim();
    }
  }
}
