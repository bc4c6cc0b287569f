package dev.warren.sharecodes.pake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.sharecodes.pake.CodeGuard.Allowed;
import dev.warren.sharecodes.pake.CodeGuard.Attempt;
import dev.warren.sharecodes.pake.CodeGuard.Burnt;
import dev.warren.sharecodes.pake.CodeGuard.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CodeGuardTest {
  private static final Optional<CodeGuard.Refusal> BURNT = Optional.of(new Burnt());

  private Duration now = Duration.ofNanos(Long.MAX_VALUE - 5);
  private final CodeGuard guard = new CodeGuard(this::nanoTime);

  @Test
  void fiveWrongProofsBurnTheCode() {
    for (int wrong = 0; wrong < CodeGuard.MAX_WRONG; wrong++) {
      assertThat(guard.refusal()).isNotEqualTo(BURNT);
      proveWrongly();
      now = now.plus(Duration.ofMinutes(1));
    }

    assertThat(guard.refusal()).isEqualTo(BURNT);
    assertThat(guard.attempt(Exchange.RECEIVER)).isEqualTo(new Burnt());
    now = now.plus(Duration.ofDays(365));
    assertThat(guard.attempt(Exchange.RECEIVER)).isEqualTo(new Burnt());
  }

  @Test
  void eachWrongProofIsToldOf() {
    List<Integer> told = new ArrayList<>();
    var telling = new CodeGuard(this::nanoTime, 0, (_, count) -> told.add(count));
    for (int i = 0; i < 2; i++) {
      ((Allowed) telling.attempt(Exchange.RECEIVER)).attempt().close();
      now = now.plus(Duration.ofMinutes(1));
    }
    ((Allowed) telling.attempt(Exchange.RECEIVER)).attempt().right();
    assertThat(told).containsExactly(1, 2);
  }

  @Test
  void everyWrongProofMakesEverybodyWaitTwiceAsLong() {
    for (int seconds : new int[] {2, 4, 8, 16}) {
      proveWrongly();
      assertThat(guard.attempt(Exchange.SHARER)).isEqualTo(new Wait(Duration.ofSeconds(seconds)));
      now = now.plusSeconds(seconds).minusMillis(1);
      assertThat(guard.attempt(Exchange.SHARER)).isEqualTo(new Wait(Duration.ofMillis(1)));
      now = now.plusMillis(1);
    }
  }

  @Test
  void wrongProofsOfAnEarlierGuardCount() {
    List<Integer> told = new ArrayList<>();
    var second = new CodeGuard(this::nanoTime, 3, (_, count) -> told.add(count));
    ((Allowed) second.attempt(Exchange.RECEIVER)).attempt().close();
    assertThat(second.attempt(Exchange.RECEIVER)).isEqualTo(new Wait(Duration.ofSeconds(16)));
    now = now.plusSeconds(16);
    ((Allowed) second.attempt(Exchange.RECEIVER)).attempt().close();

    assertThat(second.refusal()).isEqualTo(BURNT);
    assertThat(told).containsExactly(4, 5);
    assertThat(new CodeGuard(this::nanoTime, 5, (_, _) -> {}).refusal()).isEqualTo(BURNT);
  }

  @Test
  void whatStandsInTheWayIsSaidWithoutATry() {
    assertThat(guard.refusal()).isEmpty();
    List<Attempt> underWay = new ArrayList<>();
    for (int i = 0; i < CodeGuard.MAX_WRONG; i++) {
      underWay.add(allowed());
      assertThat(guard.refusal()).isEqualTo(busyWhen(i == CodeGuard.MAX_WRONG - 1));
    }
    underWay.removeFirst().close();
    assertThat(guard.refusal()).contains(new Wait(Duration.ofSeconds(2)));
    underWay.forEach(Attempt::close);
    assertThat(guard.refusal()).isEqualTo(BURNT);
  }

  private static Optional<CodeGuard.Refusal> busyWhen(boolean allAreUnderWay) {
    return allAreUnderWay ? Optional.of(new Wait(CodeGuard.BUSY_WAIT)) : Optional.empty();
  }

  @Test
  void rightProofsCostNothing() {
    for (int i = 0; i < 100; i++) {
      try (Attempt attempt = allowed()) {
        attempt.right();
      }
    }

    assertThat(guard.wrongProofs()).isZero();
  }

  @Test
  void aRightProofDoesNotGiveBackTheTriesOfOthers() {
    for (int i = 0; i < 4; i++) {
      proveWrongly();
      now = now.plus(Duration.ofMinutes(1));
    }
    try (Attempt attempt = allowed()) {
      attempt.right();
    }
    proveWrongly();

    assertThat(guard.refusal()).isEqualTo(BURNT);
  }

  @Test
  void triesAtTheSameTimeAreNoMoreTries() {
    List<Attempt> underWay = new ArrayList<>();
    for (int i = 0; i < CodeGuard.MAX_WRONG; i++) {
      underWay.add(allowed());
    }
    assertThat(guard.attempt(Exchange.RECEIVER)).isEqualTo(new Wait(CodeGuard.BUSY_WAIT));

    underWay.getFirst().right();
    underWay.set(0, allowed());
    underWay.forEach(Attempt::close);

    assertThat(guard.refusal()).isEqualTo(BURNT);
    assertThat(guard.wrongProofs()).isEqualTo(CodeGuard.MAX_WRONG);
  }

  @Test
  void anAttemptEndsOnce() {
    Attempt attempt = allowed();
    attempt.close();
    attempt.right();
    attempt.close();

    assertThat(guard.wrongProofs()).isEqualTo(1);
  }

  @Test
  void whatTellsNothingOfTheSecretIsNotCounted() {
    try (Attempt attempt = allowed()) {
      attempt.withdraw();
    }

    assertThat(guard.wrongProofs()).isZero();
  }

  @Test
  void theSharerIsToldWhoProvedWrongly() {
    List<PeerId> told = new ArrayList<>();
    var telling = new CodeGuard(this::nanoTime, 0, (peer, _) -> told.add(peer));
    ((Allowed) telling.attempt(Exchange.RECEIVER)).attempt().close();

    assertThat(told).containsExactly(Exchange.RECEIVER);
  }

  /** Runs over, as it may. */
  private long nanoTime() {
    return now.getSeconds() * 1_000_000_000 + now.getNano();
  }

  private void proveWrongly() {
    allowed().close();
  }

  private Attempt allowed() {
    return ((Allowed) guard.attempt(Exchange.RECEIVER)).attempt();
  }
}
