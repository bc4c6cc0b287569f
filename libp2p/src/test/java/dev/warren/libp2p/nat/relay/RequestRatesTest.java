package dev.warren.libp2p.nat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RequestRatesTest {
  private final RequestRates rates = new RequestRates();

  @Test
  void aBurstIsServedAndThenAsMuchAsComesBack() {
    for (int i = 0; i < RequestRates.BURST; i++) {
      assertThat(rates.take("one", 0)).isTrue();
    }
    assertThat(rates.take("one", 0)).isFalse();

    long next = RequestRates.EACH.toNanos();
    assertThat(rates.take("one", next - 1)).isFalse();
    assertThat(rates.take("one", next)).isTrue();
    assertThat(rates.take("one", next)).isFalse();
  }

  @Test
  void oneWhoAsksTooOftenTakesNothingFromOthers() {
    for (int i = 0; i < 2 * RequestRates.BURST; i++) {
      boolean _ = rates.take("one", 0);
    }

    assertThat(rates.take("other", 0)).isTrue();
  }
}
