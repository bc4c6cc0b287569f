package dev.warren.bench.dht;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.bench.dht.EclipseSimulation.Result;
import org.junit.jupiter.api.Test;

final class EclipseSimulationTest {
  private final Result plain = new Result();
  private final Result wary = new Result();

  @Test
  void whoLooksOutForCrowdsFindsWhatTheOthersDoNot() {
    EclipseSimulation.run(Attack.NEAREST, 40, 1_000, 1, plain, wary);
    assertThat(plain.found.success()).isLessThan(0.5);
    assertThat(wary.found.success()).isGreaterThan(0.95);
    assertThat(wary.keepers).isGreaterThan(10L * plain.provided.count());
  }

  @Test
  void namesOfNobodyDoNotHideARecord() {
    EclipseSimulation.run(Attack.NEAREST_AND_NOBODY, 40, 1_000, 1, plain, wary);
    assertThat(plain.found.success()).isLessThan(0.5);
    assertThat(wary.found.success()).isGreaterThan(0.75);
  }

  @Test
  void whereNobodyAttacksItIsTheSame() {
    EclipseSimulation.run(Attack.NEAREST, 0, 1_000, 1, plain, wary);
    assertThat(plain.found.success()).isOne();
    assertThat(wary.found.success()).isOne();
    assertThat(wary.found.mean(Operations.Outcome::requests)).isLessThan(25);
  }
}
