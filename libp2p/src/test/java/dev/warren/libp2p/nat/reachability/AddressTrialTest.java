package dev.warren.libp2p.nat.reachability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.nat.reachability.AddressTrial.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AddressTrialTest {
  private enum By {
    SAID,
    ACQUAINTANCE,
    STRANGER
  }

  private static final List<Observer> SERVERS =
      IntStream.range(0, 5).mapToObj(i -> new Observer("server " + i)).toList();

  private final AddressTrial trial = new AddressTrial(true, 0);

  @Test
  void twoWhoAgreeMakeAVerdict() {
    hear(0, true, By.STRANGER);
    assertThat(trial.verdict()).isEqualTo(Verdict.UNKNOWN);

    hear(1, true, By.STRANGER);
    assertThat(trial.verdict()).isEqualTo(Verdict.PUBLIC);
  }

  @Test
  void oneIsEnoughWhereThereIsNobodyElse() {
    trial.answered(SERVERS.get(0), outcome(false, By.STRANGER), SERVERS.subList(0, 1), 0);

    assertThat(trial.verdict()).isEqualTo(Verdict.PRIVATE);
  }

  @Test
  void wordsHaveToBeSaidThreeTimes() {
    trial.answered(SERVERS.get(0), outcome(true, By.SAID), SERVERS.subList(0, 1), 0);
    hear(1, true, By.SAID);
    assertThat(trial.verdict()).isEqualTo(Verdict.UNKNOWN);

    hear(2, true, By.SAID);
    assertThat(trial.verdict()).isEqualTo(Verdict.PUBLIC);
  }

  @Test
  void aProofCountsForMoreThanWords() {
    hear(0, true, By.SAID);
    hear(1, true, By.SAID);
    hear(2, true, By.SAID);
    hear(3, false, By.ACQUAINTANCE);

    assertThat(trial.verdict()).isEqualTo(Verdict.PRIVATE);
  }

  @Test
  void thatAcquaintancesComeInIsOfNoUseWhereStrangersDoNot() {
    hear(0, true, By.ACQUAINTANCE);
    hear(1, true, By.ACQUAINTANCE);
    assertThat(trial.verdict()).isEqualTo(Verdict.PUBLIC);

    hear(2, false, By.STRANGER);
    assertThat(trial.verdict()).isEqualTo(Verdict.PRIVATE);
  }

  @Test
  void anEqualNumberOnEitherSideChangesNothing() {
    hear(0, false, By.STRANGER);
    hear(1, false, By.STRANGER);
    hear(2, true, By.STRANGER);
    hear(3, true, By.STRANGER);

    assertThat(trial.verdict()).isEqualTo(Verdict.PRIVATE);
  }

  @Test
  void nobodyElseIsAskedAfterThree() {
    assertThat(trial.isOpenTo(SERVERS.get(4))).isTrue();

    hear(0, true, By.STRANGER);
    hear(1, true, By.STRANGER);
    hear(2, true, By.STRANGER);

    assertThat(trial.isOpenTo(SERVERS.get(4))).isFalse();
  }

  @Test
  void theMoreOftenItIsConfirmedTheLaterItIsTriedAgain() {
    hear(0, true, By.STRANGER);
    hear(1, true, By.STRANGER);
    assertThat(pauseAfter(0)).isEqualTo(Duration.ofMinutes(5));

    hear(2, true, By.STRANGER);
    assertThat(pauseAfter(0)).isEqualTo(Duration.ofMinutes(10));

    for (int i = 0; i < 10; i++) {
      hear(i % 3, true, By.STRANGER);
    }
    assertThat(pauseAfter(0)).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void whoeverDisagreesBringsAboutAnotherTrySoon() {
    for (int i = 0; i < 10; i++) {
      hear(i % 3, true, By.STRANGER);
    }

    hear(0, false, By.STRANGER);

    assertThat(trial.verdict()).isEqualTo(Verdict.PUBLIC);
    assertThat(pauseAfter(0)).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void aChangeOfTheNetworkBringsAboutAnotherTryAtOnce() {
    hear(0, true, By.STRANGER);
    hear(1, true, By.STRANGER);
    assertThat(trial.isDue(0)).isFalse();

    trial.again(0);

    assertThat(trial.isDue(0)).isTrue();
    assertThat(trial.verdict()).isEqualTo(Verdict.PUBLIC);
  }

  @Property(tries = 300)
  void noAnswerOfOneServerTurnsAVerdictOfThree(
      @ForAll @Size(min = 1, max = 50) List<Boolean> answersOfOne) {
    var steady = new AddressTrial(true, 0);
    for (int i = 0; i < 3; i++) {
      steady.answered(SERVERS.get(i), outcome(true, By.STRANGER), SERVERS, 0);
    }

    for (boolean answer : answersOfOne) {
      steady.answered(SERVERS.get(0), outcome(answer, By.STRANGER), SERVERS, 0);
      assertThat(steady.verdict()).isEqualTo(Verdict.PUBLIC);
    }
  }

  private void hear(int server, boolean reached, By by) {
    trial.answered(SERVERS.get(server), outcome(reached, by), SERVERS, 0);
  }

  private static Outcome outcome(boolean reached, By by) {
    return new Outcome(reached, by != By.SAID, by != By.ACQUAINTANCE);
  }

  /** How long after a moment it is due. */
  private Duration pauseAfter(long nanos) {
    for (int seconds = 0; seconds <= 3_600; seconds++) {
      if (trial.isDue(nanos + Duration.ofSeconds(seconds).toNanos())) {
        return Duration.ofSeconds(seconds);
      }
    }
    return Duration.ofDays(1);
  }
}
