package dev.warren.libp2p.nat.relay;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.identity.InvalidEnvelopeException;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.IpRanges;
import dev.warren.libp2p.multiformats.MalformedException;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.multiformats.Protocol;
import dev.warren.libp2p.nat.relay.pb.HopMessage;
import dev.warren.libp2p.nat.relay.pb.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A relay's answer to who asks it for a place (§"Reservation"), believed as far as it can be true:
 * others are told where the place is, and it is renewed when it says.
 *
 * @param us who asked
 * @param relay who answered
 * @param at where the relay is
 * @param dialed whether it was reached there, or came from there
 */
record Grant(PeerId us, PeerId relay, Multiaddr at, boolean dialed) {
  /** Of a place, however many a relay names: who looks for us tries them all. */
  static final int MAX_ADDRESSES = 4;

  /** More than any honest relay has. */
  private static final int MAX_NAMED = 16;

  /** By a time zone and more the clocks of players are wrong, and relays are all that they have. */
  private static final Duration CLOCK_SLACK = Duration.ofDays(1);

  static Grant of(PeerId us, Connection connection) {
    return new Grant(
        us, connection.remotePeer(), connection.remoteAddress(), connection.outbound());
  }

  /**
   * The place that an answer gives.
   *
   * @throws RelayRefusedException if it gives none
   */
  Reservation read(HopMessage answer, Instant now) throws IOException {
    if (answer.getType() != HopMessage.Type.STATUS || answer.getStatus() != Status.OK) {
      throw new RelayRefusedException(answer.getStatus());
    }
    if (!answer.hasReservation()) {
      throw new MalformedCircuitMessageException("the relay gave a place and did not say which");
    }
    var reservation = answer.getReservation();
    Instant expires = EpochSeconds.toInstant(reservation.getExpire());
    if (expires.isBefore(now.minus(CLOCK_SLACK))) {
      throw new MalformedCircuitMessageException("the relay gave a place that ended at " + expires);
    }
    return new Reservation(
        relay,
        expires,
        addresses(reservation.getAddrsList()),
        CircuitLimit.of(answer.getLimit()),
        voucher(reservation.getVoucher()));
  }

  /** Reservations "should come with" one (§"Reservation Vouchers"), and those of some do not. */
  private Optional<Voucher> voucher(ByteString envelope) throws IOException {
    if (envelope.isEmpty()) {
      return Optional.empty();
    }
    Voucher voucher;
    try {
      voucher = Voucher.open(envelope.toByteArray());
    } catch (InvalidEnvelopeException e) {
      throw new MalformedCircuitMessageException(e);
    }
    if (!voucher.relay().equals(relay) || !voucher.peer().equals(us)) {
      throw new MalformedCircuitMessageException("the relay sent a voucher of others");
    }
    return Optional.of(voucher);
  }

  /**
   * The one that has proven good goes first. A relay does not always know where it is: behind the
   * address translation of a data center it knows a private address of its own.
   */
  private List<Multiaddr> addresses(List<ByteString> named) {
    List<Multiaddr> all = new ArrayList<>();
    if (dialed) {
      all.add(at);
    }
    named.stream().limit(MAX_NAMED).flatMap(it -> credible(it).stream()).forEach(all::add);
    if (all.isEmpty()) {
      all.add(at);
    }
    return all.stream().map(it -> circuit(it, relay)).distinct().limit(MAX_ADDRESSES).toList();
  }

  /** Nobody is sent to a machine of their own network, unless that is where the relay is. */
  private Optional<Multiaddr> credible(ByteString bytes) {
    try {
      Multiaddr address = Multiaddr.fromBytes(bytes.toByteArray()).withoutPeer();
      boolean leadsThere =
          address
              .ip()
              .map(ip -> IpRanges.isPublic(ip) || at.ip().filter(ip::equals).isPresent())
              .orElse(!address.isEmpty());
      return Optional.of(address).filter(it -> leadsThere && !it.isCircuit());
    } catch (MalformedException unknown) { // of a kind that only newer nodes can dial
      return Optional.empty();
    }
  }

  /** Where one is who has a place at a relay. */
  static Multiaddr circuit(Multiaddr relayAddress, PeerId relay) {
    return relayAddress.withPeer(relay.toString()).with(Protocol.P2P_CIRCUIT);
  }
}
