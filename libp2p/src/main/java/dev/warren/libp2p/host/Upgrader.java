package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.negotiate.MultistreamSelect;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.MuxedConnection;
import dev.warren.libp2p.transport.Muxer;
import dev.warren.libp2p.transport.RawConnection;
import dev.warren.libp2p.transport.SecureChannel;
import dev.warren.libp2p.transport.SecuredConnection;
import dev.warren.libp2p.transport.Security;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Makes authenticated, multiplexed connections of raw ones. Specification: connections/README.md.
 */
final class Upgrader {

  private final Security security;
  private final Muxer muxer;
  private final TimeSource time;
  private final Duration answerTimeout;

  /**
   * @param answerTimeout how long a peer may take to agree to a multiplexer that is offered lazily
   */
  Upgrader(Security security, Muxer muxer, TimeSource time, Duration answerTimeout) {
    this.security = security;
    this.muxer = muxer;
    this.time = time;
    this.answerTimeout = answerTimeout;
  }

  /**
   * Upgrades a connection that we dialed.
   *
   * <p>There is one security protocol and one multiplexer to offer, so both are offered lazily:
   * with the peer's multiplexer agreed on during the handshake or not, the first stream's request
   * leaves in the third flight. A peer that then never answers is given up in time.
   */
  SecuredConnection outbound(RawConnection raw, Optional<PeerId> expected) throws IOException {
    Duplex negotiated = MultistreamSelect.lazy(raw, security.protocolId());
    SecureChannel channel = security.secureOutbound(negotiated, expected);
    boolean early = hasEarlyMuxer(channel);
    SecureChannel carrier =
        early
            ? channel
            : new NegotiatingChannel(
                channel, MultistreamSelect.lazy(channel, muxer.protocolId()), time, answerTimeout);
    return secured(raw, channel, muxer.over(carrier, true), early);
  }

  /** Upgrades a connection that we accepted. */
  SecuredConnection inbound(RawConnection raw) throws IOException {
    MultistreamSelect.answer(raw, security.protocolId()::equals);
    SecureChannel channel = security.secureInbound(raw);
    boolean early = hasEarlyMuxer(channel);
    if (!early) {
      MultistreamSelect.answer(channel, muxer.protocolId()::equals);
    }
    return secured(raw, channel, muxer.over(channel, false), early);
  }

  private static SecuredConnection secured(
      RawConnection raw, SecureChannel channel, MuxedConnection muxed, boolean early) {
    return new SecuredConnection(
        channel.remoteKey(),
        raw.localAddress(),
        raw.remoteAddress(),
        muxed,
        early,
        raw.isLimited());
  }

  private boolean hasEarlyMuxer(SecureChannel channel) {
    return channel.earlyMuxer().filter(muxer.protocolId()::equals).isPresent();
  }
}
