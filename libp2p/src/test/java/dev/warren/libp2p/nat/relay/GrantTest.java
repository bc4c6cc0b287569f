package dev.warren.libp2p.nat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.pb.HopMessage;
import dev.warren.libp2p.nat.relay.pb.Reservation;
import dev.warren.libp2p.nat.relay.pb.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GrantTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATER = NOW.plus(Duration.ofHours(1));

  private final PeerId relay = PrivateKey.generate(KeyType.ED25519).peerId();
  private final PeerId us = PrivateKey.generate(KeyType.ED25519).peerId();
  private final Grant dialed = grant("/ip4/192.0.2.1/tcp/4001", true);

  @Test
  void theAddressThatWasDialedComesFirst() throws Exception {
    assertThat(places(dialed, "/ip4/9.9.9.9/tcp/1", "/dns4/relay.example/tcp/443"))
        .containsExactly(
            "/ip4/192.0.2.1/tcp/4001", "/ip4/9.9.9.9/tcp/1", "/dns4/relay.example/tcp/443");
  }

  @Test
  void aRelayThatKnowsItsPrivateAddressAloneIsWhereItWasDialed() throws Exception {
    assertThat(places(dialed, "/ip4/10.0.0.5/tcp/4001", "/ip6/fd00::5/tcp/4001"))
        .containsExactly("/ip4/192.0.2.1/tcp/4001");
  }

  @Test
  void aRelayOfTheSameNetworkHasPrivateAddresses() throws Exception {
    Grant near = grant("/ip4/10.0.0.5/tcp/4001", true);

    assertThat(places(near, "/ip4/10.0.0.5/udp/4001/quic-v1", "/ip4/10.0.0.6/tcp/22"))
        .containsExactly("/ip4/10.0.0.5/tcp/4001", "/ip4/10.0.0.5/udp/4001/quic-v1");
  }

  @Test
  void aRelayThatCameByItselfSaysWhereItIs() throws Exception {
    Grant came = grant("/ip4/192.0.2.1/tcp/50123", false);

    assertThat(places(came, "/ip4/192.0.2.1/tcp/4001")).containsExactly("/ip4/192.0.2.1/tcp/4001");
    assertThat(places(came)).containsExactly("/ip4/192.0.2.1/tcp/50123");
  }

  @Test
  void ofManyAddressesFewAreTaken() throws Exception {
    String[] named =
        Stream.iterate(1, port -> port + 1)
            .limit(100)
            .map(port -> "/ip4/9.9.9.9/tcp/" + port)
            .toArray(String[]::new);

    assertThat(places(dialed, named)).hasSize(Grant.MAX_ADDRESSES);
  }

  @Test
  void aRelayBehindAnotherOneIsNotReachedByIt() throws Exception {
    assertThat(places(dialed, "/ip4/9.9.9.9/tcp/1/p2p/" + us + "/p2p-circuit"))
        .containsExactly("/ip4/192.0.2.1/tcp/4001");
  }

  @Test
  void aPlaceThatEndedLongAgoIsNone() {
    assertThatThrownBy(() -> dialed.read(ok(reservation(Instant.ofEpochSecond(1000))), NOW))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("1970");
  }

  @Test
  void aClockThatIsWrongByATimeZoneCostsNoPlace() throws Exception {
    Instant expires = NOW.minus(Duration.ofHours(14));

    assertThat(dialed.read(ok(reservation(expires)), NOW).expires()).isEqualTo(expires);
  }

  @Test
  void anAnswerWithoutAPlaceIsNone() {
    assertThatThrownBy(() -> dialed.read(status(Status.OK).build(), NOW))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("did not say which");
    assertThatThrownBy(() -> dialed.read(status(Status.RESERVATION_REFUSED).build(), NOW))
        .isInstanceOf(RelayRefusedException.class);
  }

  private Grant grant(String at, boolean wasDialed) {
    return new Grant(us, relay, Multiaddr.parse(at), wasDialed);
  }

  /** Where a grant says that one can be reached, without the relay's id and what follows it. */
  private List<String> places(Grant grant, String... named) throws IOException {
    var reservation = reservation(LATER);
    for (String address : named) {
      reservation.addAddrs(ByteString.copyFrom(Multiaddr.parse(address).toBytes()));
    }
    String end = "/p2p/" + relay + "/p2p-circuit";
    return grant.read(ok(reservation), NOW).addresses().stream()
        .map(Multiaddr::toString)
        .peek(address -> assertThat(address).endsWith(end))
        .map(address -> address.substring(0, address.length() - end.length()))
        .toList();
  }

  private static Reservation.Builder reservation(Instant expires) {
    return Reservation.newBuilder().setExpire(expires.getEpochSecond());
  }

  private static HopMessage ok(Reservation.Builder reservation) {
    return status(Status.OK).setReservation(reservation).build();
  }

  private static HopMessage.Builder status(Status status) {
    return HopMessage.newBuilder().setType(HopMessage.Type.STATUS).setStatus(status);
  }
}
