package dev.warren.libp2p.nat.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.transport.ManualTime;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SilenceTest {
  private final ManualTime time = new ManualTime();
  private final CountDownLatch cut = new CountDownLatch(1);
  private final Silence silence = new Silence(time, cut::countDown);

  @Test
  void whatHasNotMovedForLongIsNoticed() throws Exception {
    silence.begin();
    time.advance(Silence.LONGEST);

    assertThat(cut.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatMovesIsLeftAlone() throws Exception {
    silence.begin();
    time.advance(Silence.LONGEST.minusSeconds(1));
    silence.end();
    time.advance(Duration.ofSeconds(1));
    time.awaitTimers(1); // it has looked, and looks again when the rest of the time is over
    assertThat(cut.getCount()).isOne();

    time.advance(Silence.LONGEST);

    assertThat(cut.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatHasEndedIsNotWatched() {
    silence.begin();
    silence.close();

    assertThat(time.timers()).isZero();
  }
}
