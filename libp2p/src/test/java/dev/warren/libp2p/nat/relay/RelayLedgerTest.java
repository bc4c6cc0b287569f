package dev.warren.libp2p.nat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.host.IpGroup;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RelayLedgerTest {
  private static final RelayLimits LIMITS =
      new RelayLimits(3, 2, Duration.ofMinutes(10), 4, 2, CircuitLimit.NONE);
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
  void oneAddressTakesNoMorePlacesThanItsShare() {
    assertThat(ledger.reserve(PEERS.get(0), ip("192.0.2.1"), 0)).isTrue();
    assertThat(ledger.reserve(PEERS.get(1), ip("192.0.2.1"), 0)).isTrue();
    assertThat(ledger.reserve(PEERS.get(2), ip("192.0.2.1"), 0)).isFalse();
    assertThat(ledger.reserve(PEERS.get(2), ip("192.0.2.2"), 0)).isTrue();
  }

  @Test
  void circuitsAreBoundedInAllAndForBothEnds() {
    assertThat(ledger.open(PEERS.get(0), PEERS.get(1))).isTrue();
    assertThat(ledger.open(PEERS.get(2), PEERS.get(1))).isTrue();
    assertThat(ledger.open(PEERS.get(3), PEERS.get(1))).isFalse(); // its target has two
    assertThat(ledger.open(PEERS.get(3), PEERS.get(4))).isTrue();
    assertThat(ledger.open(PEERS.get(3), PEERS.get(5))).isTrue();
    assertThat(ledger.open(PEERS.get(0), PEERS.get(2))).isFalse(); // four in all

    ledger.close(PEERS.get(0), PEERS.get(1));

    assertThat(ledger.open(PEERS.get(0), PEERS.get(1))).isTrue();
  }

  @Property(tries = 300)
  void nothingIsLeftWhenEverythingHasEnded(@ForAll long seed) {
    var random = new Random(seed);
    List<PeerId[]> open = new ArrayList<>();
    for (int step = 0; step < 200; step++) {
      PeerId peer = PEERS.get(random.nextInt(PEERS.size()));
      PeerId other = PEERS.get(random.nextInt(PEERS.size()));
      switch (random.nextInt(4)) {
        case 0 -> {
          var _ = ledger.reserve(peer, ip("192.0.2." + random.nextInt(2)), step);
        }
        case 1 -> {
          var _ = ledger.release(peer);
        }
        case 2 -> {
          if (ledger.open(peer, other)) {
            open.add(new PeerId[] {peer, other});
          }
        }
        default -> {
          if (!open.isEmpty()) {
            PeerId[] ends = open.removeLast();
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

  private static List<PeerId> peers(int count) {
    List<PeerId> peers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      peers.add(PrivateKey.generate(KeyType.ED25519).peerId());
    }
    return List.copyOf(peers);
  }
}
