package dev.warren.libp2p.nat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayCandidatesTest {
  private final RelayCandidates candidates = new RelayCandidates(new Random(1));
  private final PeerId peer = anybody();

  @Test
  void configuredRelaysAreAskedBeforeOthersAndTheUnprovenBeforeThoseThatFailed() {
    PeerId failed = anybody();
    PeerId configured = anybody();
    candidates.add(failed, true, 0);
    candidates.add(peer, false, 0);
    candidates.add(configured, true, 0);
    candidates.unreached(failed, 0);

    assertThat(due(Duration.ofHours(2))).containsExactly(configured, peer, failed);
  }

  @Test
  void oneThatIsAskedAgainSoonIsNotAskedAfterThoseThatFailedLess() {
    PeerId configured = anybody();
    PeerId fresh = anybody();
    candidates.add(configured, true, 0);
    candidates.add(peer, false, 0);
    candidates.add(fresh, false, 0);
    for (int i = 0; i < RelayCandidates.QUICK_RETRIES; i++) {
      candidates.unreached(configured, 0);
    }
    candidates.unreached(peer, 0);
    candidates.unreached(peer, 0);

    assertThat(due(Duration.ofHours(2))).containsExactly(fresh, configured, peer);

    for (int i = 0; i < RelayCandidates.RETRIES; i++) {
      candidates.unreached(configured, 0);
    }
    assertThat(due(Duration.ofHours(2))).containsExactly(fresh, peer, configured);
  }

  @Test
  void aRelayThatRefusedIsLeftAloneForAnHour() {
    candidates.add(peer, false, 0);
    candidates.refused(peer, 0);

    assertThat(due(Duration.ofMinutes(44))).isEmpty();
    assertThat(due(Duration.ofMinutes(76))).containsExactly(peer);
  }

  @Test
  void onesThatCannotBeReachedAreAskedLessAndLess() {
    candidates.add(peer, false, 0);
    long now = 0;
    long pause = 0;
    for (int i = 0; i < 40; i++) {
      candidates.unreached(peer, now);
      pause = candidates.nextDueNanos(now, Set.of()).orElseThrow();
      assertThat(pause).isPositive();
      now += pause;
    }

    assertThat(pause).isBetween(Duration.ofMinutes(45).toNanos(), Duration.ofMinutes(75).toNanos());
    assertThat(now).isGreaterThan(Duration.ofHours(20).toNanos());
  }

  @Test
  void oneThatHadAPlaceForUsIsAskedAgainEverySecondForAWhile() {
    candidates.add(peer, true, 0);
    candidates.served(peer, Duration.ZERO);
    candidates.lost(peer, RelayCandidates.PROVEN, 0);
    long now = 0;
    for (int i = 1; i < RelayCandidates.QUICK_RETRIES; i++) {
      now += candidates.nextDueNanos(now, Set.of()).orElseThrow();
      candidates.unreached(peer, now);
    }

    assertThat(Duration.ofNanos(now)).isBetween(Duration.ofSeconds(6), Duration.ofSeconds(12));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void oneThatTakesTwoMinutesToStartAgainIsFoundWithinSeconds(boolean configured) {
    candidates.add(peer, configured, 0);
    candidates.served(peer, Duration.ZERO);
    candidates.lost(peer, Duration.ofSeconds(1), 0);

    assertThat(longestPause(Duration.ofMinutes(2))).isLessThan(Duration.ofSeconds(4));
    assertThat(longestPause(Duration.ofDays(1))).isGreaterThan(Duration.ofMinutes(45));
  }

  @Test
  void aConfiguredOneThatStartsAfterUsIsFoundWithinSeconds() {
    candidates.add(peer, true, 0);
    candidates.unreached(peer, 0);

    assertThat(longestPause(Duration.ofMinutes(2))).isLessThan(Duration.ofSeconds(4));
    assertThat(longestPause(Duration.ofDays(1))).isGreaterThan(Duration.ofMinutes(45));
  }

  /** Of one that stays away for so long. */
  private Duration longestPause(Duration away) {
    long longest = 0;
    for (long now = 0; now < away.toNanos(); candidates.unreached(peer, now)) {
      long pause = candidates.nextDueNanos(now, Set.of()).orElseThrow();
      longest = Math.max(longest, pause);
      now += pause;
    }
    return Duration.ofNanos(longest);
  }

  @Test
  void aConfiguredPeerThatIsNoRelayIsAskedLessAndLess() {
    candidates.add(peer, true, 0);
    long now = 0;
    for (int i = 0; i < 30; i++) {
      candidates.failed(peer, now);
      now += candidates.nextDueNanos(now, Set.of()).orElseThrow();
    }

    assertThat(Duration.ofNanos(now)).isGreaterThan(Duration.ofHours(5));
  }

  @Test
  void thoseThatARelayHasLostAreSpreadOverThePauseWhenItIsUpAgain() {
    int fleet = 2_000;
    long binMillis = 250;
    long[] bins = new long[40];
    Duration from = Duration.ofSeconds(15);
    for (int i = 0; i < fleet; i++) {
      var one = new RelayCandidates(new Random(i));
      one.add(peer, true, 0);
      one.lost(peer, RelayCandidates.PROVEN, 0);
      for (long now = 0; now < from.plusMillis(bins.length * binMillis).toNanos(); ) {
        long sinceMillis = Duration.ofNanos(now).minus(from).toMillis();
        if (sinceMillis >= 0) {
          bins[(int) (sinceMillis / binMillis)]++;
        }
        now += one.nextDueNanos(now, Set.of()).orElseThrow();
        one.unreached(peer, now);
      }
    }

    long evenly = fleet * binMillis / RelayCandidates.STEADY_PAUSE.toMillis();
    assertThat(Arrays.stream(bins).max().orElseThrow()).isLessThan(2 * evenly);
  }

  @Test
  void oneThatGivesPlacesAndHangsUpIsAskedLessAndLess() {
    candidates.add(peer, true, 0);
    long now = 0;
    for (int i = 0; i < 30; i++) {
      candidates.served(peer, Duration.ZERO);
      candidates.lost(peer, Duration.ofSeconds(1), now);
      now += candidates.nextDueNanos(now, Set.of()).orElseThrow();
    }

    assertThat(Duration.ofNanos(now)).isGreaterThan(Duration.ofHours(5));
  }

  @Test
  void oneOfTheConfigurationThatRefusesIsAskedAgainSoon() {
    candidates.add(peer, true, 0);

    candidates.refused(peer, 0);

    assertThat(due(Duration.ofSeconds(2))).containsExactly(peer);
  }

  @Test
  void oneThatHadAPlaceForUsAndRefusesNowIsNotLeftAloneForAnHour() {
    candidates.add(peer, false, 0);
    candidates.served(peer, Duration.ZERO);

    candidates.refused(peer, 0);

    assertThat(due(Duration.ofSeconds(2))).containsExactly(peer);
  }

  @Test
  void thereIsAnEndOfThem() {
    candidates.add(peer, true, 0);
    for (int i = 0; i < 1_000; i++) {
      candidates.add(anybody(), false, 0);
    }

    List<PeerId> all = due(Duration.ZERO);
    assertThat(all).hasSize(RelayCandidates.MAX).contains(peer);

    candidates.unreached(all.getLast(), 0);
    PeerId fresh = anybody();
    assertThat(candidates.add(fresh, false, 0)).isTrue();
    assertThat(due(Duration.ofHours(2)))
        .hasSize(RelayCandidates.MAX)
        .contains(fresh)
        .doesNotContain(all.getLast());
  }

  @Test
  void thoseAtWhichThereIsAPlaceAreNotAsked() {
    candidates.add(peer, true, 0);

    assertThat(candidates.due(0, Set.of(peer), 9)).isEmpty();
    assertThat(candidates.nextDueNanos(0, Set.of(peer))).isEmpty();
  }

  private List<PeerId> due(Duration later) {
    return candidates.due(later.toNanos(), Set.of(), 1_000);
  }

  private static PeerId anybody() {
    return PrivateKey.generate(KeyType.ED25519).peerId();
  }
}
