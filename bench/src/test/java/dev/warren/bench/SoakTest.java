package dev.warren.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The soak of {@code scripts/bench soak}, in short. */
final class SoakTest {

  @Test
  void churnedConnectionsLeaveNothingBehind() throws IOException, InterruptedException {
    try (var run = new SoakRun(200)) {
      SoakRun.Outcome outcome =
          run.run(Duration.ofSeconds(1), Duration.ofSeconds(4), Soak.TOLERANCE);
      assertThat(outcome.after())
          .as("beside %s", outcome.before())
          .matches(after -> after.isWithin(outcome.before(), Soak.TOLERANCE));
      assertThat(outcome.done().values()).allMatch(count -> count > 0);
    }
  }
}
