package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class RepeatedTest {
  /** What is due, as its tests have it come. */
  private final Queue<Runnable> due = new ArrayDeque<>();

  private final TimeSource time =
      new TimeSource() {
        @Override
        public long nanoTime() {
          return 0;
        }

        @Override
        public Scheduled after(Duration delay, Runnable action) {
          due.add(action);
          return () -> due.remove(action);
        }
      };

  private int times;

  @Test
  void itIsDoneAgainAndAgainAndALastTimeWhenItIsClosed() {
    var repeated = new Repeated(time, Duration.ofSeconds(1), () -> times++);
    assertThat(times).isZero();
    due.remove().run();
    due.remove().run();
    assertThat(times).isEqualTo(2);
    repeated.close();
    assertThat(times).isEqualTo(3);
    assertThat(due).isEmpty();
    repeated.close();
    assertThat(times).isEqualTo(3);
  }

  @Test
  void whatIsDueAfterTheEndIsNotDone() {
    var repeated = new Repeated(time, Duration.ofSeconds(1), () -> times++);
    Runnable late = due.element();
    repeated.close();
    late.run();
    assertThat(times).isEqualTo(1);
    assertThat(due).isEmpty();
  }

  @Test
  void aFailureEndsNothing() {
    var repeated =
        new Repeated(
            time,
            Duration.ofSeconds(1),
            () -> {
              times++;
              throw new IOException("the disk is gone");
            });
    due.remove().run();
    due.remove().run();
    repeated.close();
    assertThat(times).isEqualTo(3);
  }
}
