package dev.warren.libp2p.nat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.host.IpGroup;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.relay.RelayLedger.Party;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RelayLedgerTest {
  private static final int SHARES_OF_A_SITE = 8;
  private static final RelayLimits LIMITS =
      new RelayLimits(3, 2, Duration.ofMinutes(10), 4, 2, 3, CircuitLimit.NONE);
  private static final long LIFE_NANOS = LIMITS.reservationLife().toNanos();
  private static final List<PeerId> PEERS = peers(6);

  private final RelayLedger ledger = new RelayLedger(LIMITS);

  @Test
  void aPlaceIsGoodUntilItsTimeIsOver() {
    assertThat(ledger.reserve(PEERS.get(0), Optional.empty(), 0)).isTrue();

    assertThat(ledger.isReserved(PEERS.get(0), LIFE_NANOS - 1)).isTrue();
    assertThat(ledger.isReserved(PEERS.get(0), LIFE_NANOS)).isFalse();
    assertThat(ledger.expire(LIFE_NANOS)).containsExactly(PEERS.get(0));
    assertThat(ledger.reservations()).isZero();
  }

  @Test
  void oneThatIsRenewedTakesNoSecondPlaceAndLastsLonger() {
    Optional<IpGroup> ip = ip("192.0.2.1");
    assertThat(ledger.reserve(PEERS.get(0), ip, 0)).isTrue();
    assertThat(ledger.reserve(PEERS.get(1), ip, 1)).isTrue();

    assertThat(ledger.reserve(PEERS.get(0), ip, 2)).isTrue();

    assertThat(ledger.reservations()).isEqualTo(2);
    assertThat(ledger.expire(LIFE_NANOS + 1)).containsExactly(PEERS.get(1));
    assertThat(ledger.isReserved(PEERS.get(0), LIFE_NANOS + 1)).isTrue();
  }

  @Test
  void aPlaceThatIsNotRenewedIsKeptUntilItEnds() {
    for (PeerId peer : PEERS.subList(0, 3)) {
      assertThat(ledger.reserve(peer, Optional.empty(), 0)).isTrue();
    }
    ledger.setLimits(new RelayLimits(2, 2, Duration.ofMinutes(10), 4, 2, 3, CircuitLimit.NONE));

    assertThat(ledger.reserve(PEERS.get(0), Optional.empty(), 1)).isFalse();

    assertThat(ledger.isReserved(PEERS.get(0), LIFE_NANOS - 1)).isTrue();
    assertThat(ledger.expire(LIFE_NANOS)).containsExactlyElementsOf(PEERS.subList(0, 3));
  }

  @Test
  void oneThatIsRenewedDoesNotStandInItsOwnWay() {
    Optional<IpGroup> ip = ip("192.0.2.1");
    assertThat(ledger.reserve(PEERS.get(0), ip, 0)).isTrue();
    assertThat(ledger.reserve(PEERS.get(1), ip, 0)).isTrue();

    assertThat(ledger.reserve(PEERS.get(1), ip, 1)).isTrue();
    assertThat(ledger.reserve(PEERS.get(2), ip("192.0.2.2"), 1)).isTrue();
    assertThat(ledger.reserve(PEERS.get(2), ip, 2)).isFalse();
    assertThat(ledger.reserve(PEERS.get(2), ip("192.0.2.2"), 3)).isTrue();
  }

  @Test
  void oneAddressTakesNoMorePlacesThanItsShare() {
    assertThat(ledger.reserve(PEERS.get(0), ip("192.0.2.1"), 0)).isTrue();
    assertThat(ledger.reserve(PEERS.get(1), ip("192.0.2.1"), 0)).isTrue();
    assertThat(ledger.reserve(PEERS.get(2), ip("192.0.2.1"), 0)).isFalse();
    assertThat(ledger.reserve(PEERS.get(2), ip("192.0.2.2"), 0)).isTrue();
  }

  @Test
  void allGroupsOfAnIpv6SiteHaveEightShares() {
    var roomy =
        new RelayLedger(
            new RelayLimits(100, 2, Duration.ofMinutes(10), 4, 2, 3, CircuitLimit.NONE));
    List<PeerId> peers = peers(3 * SHARES_OF_A_SITE);
    int taken = 0;
    for (int i = 0; i < peers.size(); i++) {
      taken += roomy.reserve(peers.get(i), ip6("2001:db8:7:" + i + "::1"), 0) ? 1 : 0;
    }
    assertThat(taken).isEqualTo(2 * SHARES_OF_A_SITE);
    assertThat(roomy.reserve(peers.getLast(), ip6("2001:db8:8::1"), 0)).isTrue();

    assertThat(roomy.release(peers.getFirst())).isTrue();

    assertThat(roomy.reserve(peers.get(20), ip6("2001:db8:7:20::1"), 0)).isTrue();
  }

  @Test
  void otherLimitsHoldFromThenOn() {
    assertThat(ledger.reserve(PEERS.get(0), Optional.empty(), 0)).isTrue();
    assertThat(ledger.reserve(PEERS.get(1), Optional.empty(), 0)).isTrue();

    ledger.setLimits(new RelayLimits(1, 1, Duration.ofMinutes(1), 1, 1, 1, CircuitLimit.NONE));

    assertThat(ledger.reservations()).isEqualTo(2);
    assertThat(ledger.reserve(PEERS.get(2), Optional.empty(), 0)).isFalse();
  }

  @Test
  void circuitsAreBoundedInAllAndForBothEnds() {
    assertThat(open(0, 1)).isTrue();
    assertThat(open(2, 1)).isTrue();
    assertThat(open(3, 1)).isFalse(); // its target has two
    assertThat(open(3, 4)).isTrue();
    assertThat(open(3, 5)).isTrue();
    assertThat(open(0, 2)).isFalse(); // four in all

    ledger.close(party(0, Optional.empty()), party(1, Optional.empty()));

    assertThat(open(0, 1)).isTrue();
  }

  @Test
  void thePeersOfOneAddressOpenNoMoreCircuitsThanItsShare() {
    Optional<IpGroup> ip = ip("192.0.2.1");
    assertThat(ledger.open(party(0, ip), party(5, Optional.empty()))).isTrue();
    assertThat(ledger.open(party(1, ip), party(5, Optional.empty()))).isTrue();
    assertThat(ledger.open(party(2, ip), party(4, Optional.empty()))).isTrue();

    assertThat(ledger.open(party(3, ip), party(4, Optional.empty()))).isFalse();
    assertThat(ledger.open(party(3, ip("192.0.2.2")), party(4, Optional.empty()))).isTrue();
  }

  private boolean open(int from, int to) {
    return ledger.open(party(from, Optional.empty()), party(to, Optional.empty()));
  }

  private static Party party(int peer, Optional<IpGroup> ip) {
    return new Party(PEERS.get(peer), ip);
  }

  @Property(tries = 300)
  void nothingIsLeftWhenEverythingHasEnded(@ForAll long seed) {
    var random = new Random(seed);
    List<Party[]> open = new ArrayList<>();
    for (int step = 0; step < 200; step++) {
      PeerId peer = PEERS.get(random.nextInt(PEERS.size()));
      Party from = party(random.nextInt(PEERS.size()), ip("192.0.2." + random.nextInt(2)));
      Party to = party(random.nextInt(PEERS.size()), ip6("2001:db8::" + random.nextInt(2)));
      switch (random.nextInt(4)) {
        case 0 -> {
          var _ = ledger.reserve(peer, ip("192.0.2." + random.nextInt(2)), step);
        }
        case 1 -> {
          var _ = ledger.release(peer);
        }
        case 2 -> {
          if (ledger.open(from, to)) {
            open.add(new Party[] {from, to});
          }
        }
        default -> {
          if (!open.isEmpty()) {
            Party[] ends = open.removeLast();
            ledger.close(ends[0], ends[1]);
          }
        }
      }
      assertThat(ledger.reservations()).isLessThanOrEqualTo(LIMITS.maxReservations());
      assertThat(ledger.circuits()).isEqualTo(open.size());
    }
    open.forEach(ends -> ledger.close(ends[0], ends[1]));
    PEERS.forEach(ledger::release);

    assertThat(ledger.isEmpty()).isTrue();
  }

  private static Optional<IpGroup> ip(String address) {
    return IpGroup.of(Multiaddr.parse("/ip4/" + address + "/tcp/1"));
  }

  private static Optional<IpGroup> ip6(String address) {
    return IpGroup.of(Multiaddr.parse("/ip6/" + address + "/tcp/1"));
  }

  private static List<PeerId> peers(int count) {
    List<PeerId> peers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      peers.add(PrivateKey.generate(KeyType.ED25519).peerId());
    }
    return List.copyOf(peers);
  }
}
