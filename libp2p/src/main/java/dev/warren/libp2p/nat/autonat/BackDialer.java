package dev.warren.libp2p.nat.autonat;

import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.autonat.v2.pb.DialBack;
import dev.warren.libp2p.nat.autonat.v2.pb.DialBackResponse;
import dev.warren.libp2p.nat.autonat.v2.pb.DialStatus;
import dev.warren.libp2p.transport.StreamResetException;
import dev.warren.libp2p.transport.TimeSource;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What dials those who ask for it: a host of its own that listens nowhere. From the port that is
 * listened on it would come in where only we are let in, and with the id of ours over the
 * connection that there is; either would be a false "reachable".
 */
final class BackDialer implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(BackDialer.class);

  private static final Duration NONCE_TIMEOUT = Duration.ofSeconds(5);

  private final Host dialer;
  private final Duration limit;

  private BackDialer(Host dialer, Duration limit) {
    this.dialer = dialer;
    this.limit = limit;
  }

  static BackDialer open(TimeSource time, AutoNatLimits limits) throws IOException {
    return new BackDialer(
        Host.builder().agent("warren-autonat").time(time).quic().start(), limits.dialTimeout());
  }

  boolean canDial(Multiaddr address) {
    return dialer.canDial(address);
  }

  /** Dials all of the addresses and returns the one at which the peer is, if there is one. */
  Optional<Multiaddr> any(PeerId peer, List<Multiaddr> addresses) {
    try {
      return Optional.of(dialer.dialDirectly(peer, addresses, limit).remoteAddress());
    } catch (IOException e) {
      return Optional.empty();
    } finally {
      forget(peer);
    }
  }

  /** Dials the address and hands over the nonce. */
  DialStatus one(PeerId peer, Multiaddr address, long nonce) {
    try {
      Connection connection = dialer.dialDirectly(peer, List.of(address), limit);
      return handOver(connection, nonce) ? DialStatus.OK : DialStatus.E_DIAL_BACK_ERROR;
    } catch (IOException e) {
      return DialStatus.E_DIAL_ERROR;
    } finally {
      forget(peer);
    }
  }

  /** Hands over the nonce to a peer that takes it, and waits for what says that it has arrived. */
  private boolean handOver(Connection connection, long nonce) {
    try {
      Stream stream = connection.open(V2Server.DIAL_BACK);
      try (stream;
          var _ = dialer.time().after(NONCE_TIMEOUT, () -> stream.reset(0))) {
        stream.awaitAgreement();
        AutoNatMessages.write(stream, DialBack.newBuilder().setNonce(nonce).build());
        return hasArrived(stream);
      }
    } catch (IOException e) {
      log.debug("the nonce was not handed over by {}: {}", connection, e.toString());
      return false;
    }
  }

  /**
   * go-libp2p resets the stream behind its answer, which over QUIC may overtake that, and anywhere
   * may come before our end is closed: then the reset says the same. Who resets it unread is told
   * too much, and does not believe it without the nonce.
   */
  private static boolean hasArrived(Stream stream) throws IOException {
    try {
      stream.closeWrite();
      AutoNatMessages.read(stream, DialBackResponse.parser(), AutoNatMessages.MAX_DIAL_BACK_BYTES);
      return true;
    } catch (StreamResetException e) {
      return e.remote();
    }
  }

  /** Whatever the peer has told of itself meanwhile is not to be dialed the next time. */
  private void forget(PeerId peer) {
    dialer.disconnect(peer);
    dialer.peerstore().forget(peer);
  }

  @Override
  public void close() {
    dialer.close();
  }
}
