package dev.warren.libp2p.nat.autonat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.host.IpGroup;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DialBackLedgerTest {
  private static final long MINUTE_NANOS = Duration.ofMinutes(1).toNanos();
  private static final List<PeerId> PEERS =
      IntStream.range(0, 8).mapToObj(_ -> PrivateKey.generate(KeyType.ED25519).peerId()).toList();

  private final DialBackLedger ledger = new DialBackLedger(AutoNatLimits.defaults());

  @Test
  void onePeerIsServedOneRequestAtATime() {
    assertThat(begin(0, 0)).isTrue();
    assertThat(begin(0, 1)).isFalse();

    ledger.end(PEERS.get(0));

    assertThat(begin(0, 2)).isTrue();
  }

  @Test
  void whoHasManyIdsIsServedNoMoreThanWhoHasOne() {
    Optional<IpGroup> same = Optional.of(IpGroup.of(InetAddress.ofLiteral("11.0.0.1")));
    int served = 0;
    for (int i = 0; i < 100; i++) {
      PeerId peer = PEERS.get(i % PEERS.size());
      if (ledger.begin(peer, same, i)) {
        served++;
        ledger.end(peer);
      }
    }

    assertThat(served).isEqualTo(12);
  }

  @Test
  void whoHasManyNetworksOfASiteIsServedNoMoreThanEight() {
    var busy = new DialBackLedger(AutoNatLimits.defaults().withPerMinute(600));
    int served = 0;
    for (int i = 0; i < 200; i++) {
      InetAddress ip = InetAddress.ofLiteral("2a0b:1:2:%x::1".formatted(i));
      PeerId peer = PrivateKey.generate(KeyType.ED25519).peerId();
      served += busy.begin(peer, Optional.of(IpGroup.of(ip)), i) ? 1 : 0;
    }

    assertThat(served).isEqualTo(8 * 12);
  }

  @Test
  void dialsElsewhereAreCountedOfTheirOwn() {
    for (int i = 0; i < 12; i++) {
      assertThat(ledger.dialElsewhere(i)).isTrue();
    }
    assertThat(ledger.dialElsewhere(MINUTE_NANOS - 1)).isFalse();
    assertThat(ledger.dialElsewhere(MINUTE_NANOS)).isTrue();
  }

  @Property(tries = 100)
  void withinAnyMinuteNobodyIsServedTooOften(
      @ForAll @Size(max = 300) List<@IntRange(max = 7) Integer> who,
      @ForAll @IntRange(min = 1, max = 2_000) int pauseMillis) {
    var fresh = new DialBackLedger(AutoNatLimits.defaults());
    List<Long> all = new ArrayList<>();
    List<List<Long>> each = PEERS.stream().<List<Long>>map(_ -> new ArrayList<>()).toList();
    long now = 0;
    for (int peer : who) {
      now += Duration.ofMillis(pauseMillis).toNanos();
      if (fresh.begin(PEERS.get(peer), Optional.empty(), now)) {
        all.add(now);
        each.get(peer).add(now);
        fresh.end(PEERS.get(peer));
      }
    }

    assertThat(mostWithinAMinute(all)).isLessThanOrEqualTo(60);
    each.forEach(one -> assertThat(mostWithinAMinute(one)).isLessThanOrEqualTo(12));
  }

  private static long mostWithinAMinute(List<Long> times) {
    return times.stream()
        .mapToLong(
            from -> times.stream().filter(at -> at >= from && at < from + MINUTE_NANOS).count())
        .max()
        .orElse(0);
  }

  private boolean begin(int peer, long nowNanos) {
    return ledger.begin(PEERS.get(peer), Optional.empty(), nowNanos);
  }
}
