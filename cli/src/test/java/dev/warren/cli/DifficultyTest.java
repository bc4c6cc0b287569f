package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.node.ReceivingProgress;
import dev.warren.node.ReceivingProgress.Source;
import dev.warren.node.ReceivingProgress.State;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DifficultyTest {
  private static final int MANY = 100 << 20;

  private final ManualTime time = new ManualTime();
  private Difficulty difficulty = new Difficulty(time, Long.MAX_VALUE);
  private long bytes;

  @Test
  void whatGoesWellIsNone() throws Exception {
    for (int i = 0; i < 60; i++) {
      assertThat(later(MANY, "direct, IPv4")).isFalse();
    }
  }

  @Test
  void slownessIsOneAndIsSaidOnce() throws Exception {
    for (int i = 0; i < 9; i++) {
      assertThat(later(1, "direct, IPv4")).isFalse();
    }
    assertThat(later(1, "direct, IPv4")).isTrue();
    for (int i = 0; i < 60; i++) {
      assertThat(later(0, "direct, IPv4")).isFalse();
    }
  }

  @Test
  void aRelayInBetweenIsOneHoweverFast() throws Exception {
    boolean noticed = false;
    for (int i = 0; i < 10; i++) {
      noticed |= later(MANY, "relayed");
    }
    assertThat(noticed).isTrue();
  }

  @Test
  void aLimitOfTheUserIsNone() throws Exception {
    difficulty = new Difficulty(time, 1000);
    for (int i = 0; i < 60; i++) {
      assertThat(later(1000, "direct, IPv4")).isFalse();
    }
  }

  @Test
  void whoOnlyWaitsForConsentHasNone() throws Exception {
    for (int i = 0; i < 60; i++) {
      time.advance(Duration.ofSeconds(1));
      assertThat(difficulty.isNew(progress(State.ASKING, "relayed"))).isFalse();
    }
    assertThat(later(0, "relayed")).as("it has only begun").isFalse();
  }

  private boolean later(long more, String path) throws InterruptedException {
    bytes += more;
    time.advance(Duration.ofSeconds(1));
    return difficulty.isNew(progress(State.RECEIVING, path));
  }

  private ReceivingProgress progress(State state, String path) {
    var source = new Source(FakeNode.OTHER, Optional.empty(), path, bytes);
    return new ReceivingProgress(
        state, List.of(), "mods", 1, 1L << 40, 0, bytes, bytes, 0, 0, "", false, List.of(source));
  }
}
