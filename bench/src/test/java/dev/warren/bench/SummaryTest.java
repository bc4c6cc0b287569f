package dev.warren.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SummaryTest {

  @Test
  void medianOfAnOddNumberIsTheMiddleOne() {
    assertThat(Summary.of(9, 1, 5)).isEqualTo(new Summary(5, 1, 9));
  }

  @Test
  void medianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
    assertThat(Summary.of(4, 1, 2, 9).median()).isEqualTo(3);
  }

  @Test
  void showsTheMedianAndTheRange() {
    assertThat(Summary.of(1, 2, 3).text("%.1f")).isEqualTo("2.0 (1.0–3.0)");
  }
}
