package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.dht.Mode;
import dev.warren.libp2p.nat.reachability.Verdict;
import dev.warren.libp2p.transport.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServingByReachTest {
  private final ManualTime time = new ManualTime();
  private final List<Mode> switched = new ArrayList<>();
  private Verdict verdict = Verdict.UNKNOWN;
  private final ServingByReach serving = new ServingByReach(time, () -> verdict, switched::add);

  @Test
  void whoCanBeReachedServesAtOnceAndWhoCanNoLongerStopsAtOnce() {
    hear(Verdict.UNKNOWN);
    assertThat(switched).isEmpty();

    hear(Verdict.PUBLIC);
    hear(Verdict.PRIVATE);

    assertThat(switched).containsExactly(Mode.SERVER, Mode.CLIENT);
  }

  @Test
  void whoIsNoLongerSureGoesOnAsBefore() {
    hear(Verdict.PUBLIC);
    hear(Verdict.UNKNOWN);

    assertThat(switched).containsExactly(Mode.SERVER);
  }

  @Test
  void verdictsThatSwingDoNotSwingTheMode() throws Exception {
    for (int minute = 0; minute < 60; minute++) {
      hear(minute % 2 == 0 ? Verdict.PUBLIC : Verdict.PRIVATE);
      time.advance(Duration.ofMinutes(1));
    }

    assertThat(switched).hasSizeLessThanOrEqualTo(2 * 60 / 10);
  }

  @Test
  void whoCanBeReachedAgainServesAfterARest() throws Exception {
    hear(Verdict.PUBLIC);
    hear(Verdict.PRIVATE);
    hear(Verdict.PUBLIC);
    assertThat(switched).hasSize(2);

    time.advance(Duration.ofMinutes(10));

    assertThat(switched).containsExactly(Mode.SERVER, Mode.CLIENT, Mode.SERVER);
  }

  private void hear(Verdict now) {
    verdict = now;
    serving.update();
  }
}
