package dev.warren.sharecodes.pake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.sharecodes.pake.CodeGuard.Allowed;
import dev.warren.sharecodes.pake.CodeGuard.Attempt;
import dev.warren.sharecodes.pake.CodeGuard.Burnt;
import dev.warren.sharecodes.pake.CodeGuard.Wait;
import dev.warren.sharecodes.pake.CodeGuard.WrongProof;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CodeGuardTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final CodeGuard guard = new CodeGuard(() -> now);

  @Test
  void fiveWrongProofsBurnTheCode() {
    for (int wrong = 0; wrong < CodeGuard.MAX_WRONG; wrong++) {
      assertThat(guard.isBurnt()).isFalse();
      proveWrongly();
      now = now.plus(Duration.ofMinutes(1));
    }

    assertThat(guard.isBurnt()).isTrue();
    assertThat(guard.attempt(Exchange.RECEIVER)).isEqualTo(new Burnt());
    now = now.plus(Duration.ofDays(365));
    assertThat(guard.attempt(Exchange.RECEIVER)).isEqualTo(new Burnt());
  }

  @Test
  void eachWrongProofIsToldOf() {
    List<Integer> told = new ArrayList<>();
    var telling = new CodeGuard(() -> now, told::add);
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
  void rightProofsCostNothing() {
    for (int i = 0; i < 100; i++) {
      try (Attempt attempt = allowed()) {
        attempt.right();
      }
    }

    assertThat(guard.wrongProofs()).isEmpty();
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

    assertThat(guard.isBurnt()).isTrue();
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

    assertThat(guard.isBurnt()).isTrue();
    assertThat(guard.wrongProofs()).hasSize(CodeGuard.MAX_WRONG);
  }

  @Test
  void anAttemptEndsOnce() {
    Attempt attempt = allowed();
    attempt.close();
    attempt.right();
    attempt.close();

    assertThat(guard.wrongProofs()).hasSize(1);
  }

  @Test
  void whatTellsNothingOfTheSecretIsNotCounted() {
    try (Attempt attempt = allowed()) {
      attempt.withdraw();
    }

    assertThat(guard.wrongProofs()).isEmpty();
  }

  @Test
  void theSharerSeesWhoProvedWronglyAndWhen() {
    proveWrongly();

    assertThat(guard.wrongProofs()).containsExactly(new WrongProof(Exchange.RECEIVER, now));
  }

  private void proveWrongly() {
    allowed().close();
  }

  private Attempt allowed() {
    return ((Allowed) guard.attempt(Exchange.RECEIVER)).attempt();
  }
}
