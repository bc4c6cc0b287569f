package dev.warren.protocols.transfer.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class RateLimiterTest {
  private static final int SECOND = 1000;

  private final Clock clock = new Clock();
  private final RateLimiter limiter = new RateLimiter(clock, SECOND);
  private final BlockingQueue<String> granted = new LinkedBlockingQueue<>();

  @Test
  void whatFitsIsGrantedAtOnceAndMoreWhenItIsPaidFor() throws Exception {
    RateLimiter.Lane lane = limiter.lane();
    lane.acquire(5 * SECOND);
    enqueue(lane, "next", SECOND);
    clock.advance(Duration.ofMillis(4899));
    assertThat(granted).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(granted.take()).isEqualTo("next");
  }

  @Test
  void whatWasNotUsedIsKeptForAMomentOnly() throws Exception {
    clock.advance(Duration.ofHours(1));
    RateLimiter.Lane lane = limiter.lane();
    lane.acquire(100);
    lane.acquire(100);
    enqueue(lane, "third", 100);
    clock.advance(Duration.ofMillis(99));
    assertThat(granted).isEmpty();
    clock.advance(Duration.ofMillis(1));
    assertThat(granted.take()).isEqualTo("third");
  }

  @Test
  void theSpeedHoldsOverTime() throws Exception {
    RateLimiter.Lane lane = limiter.lane();
    for (int i = 0; i < 100; i++) {
      enqueue(lane, "box", 333);
      while (limiter.waiting() > 0) {
        clock.advance(Duration.ofMillis(7));
      }
    }
    assertThat(clock.nanoTime() / 1e9).isBetween(99 * 0.333 - 0.1, 99 * 0.333 + 0.01);
  }

  @Test
  void lanesTakeTurnsHoweverManyWaitInEach() throws Exception {
    RateLimiter.Lane busy = limiter.lane();
    RateLimiter.Lane modest = limiter.lane();
    busy.acquire(SECOND);
    for (int i = 0; i < 4; i++) {
      enqueue(busy, "busy", SECOND);
    }
    enqueue(modest, "modest", SECOND);
    enqueue(modest, "modest", SECOND);
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      clock.advance(Duration.ofSeconds(1));
      order.add(granted.take());
    }
    assertThat(order).containsExactly("busy", "modest", "busy", "modest", "busy", "busy");
  }

  @Test
  void closingALaneEndsItsWaitingAndGivesItsTurnsAway() throws Exception {
    RateLimiter.Lane gone = limiter.lane();
    RateLimiter.Lane other = limiter.lane();
    other.acquire(SECOND);
    enqueue(gone, "gone", 1000 * SECOND);
    enqueue(gone, "gone", 1000 * SECOND);
    enqueue(other, "other", SECOND);
    gone.close();
    assertThat(granted.take()).isEqualTo("gone closed");
    assertThat(granted.take()).isEqualTo("gone closed");
    clock.advance(Duration.ofSeconds(1));
    assertThat(granted.take()).isEqualTo("other");
    assertThatExceptionOfType(AsynchronousCloseException.class).isThrownBy(() -> gone.acquire(1));
  }

  @Test
  void extremesOfSpeedNeitherOverflowNorDivideByZero() throws Exception {
    assertThatIllegalArgumentException().isThrownBy(() -> new RateLimiter(clock, 0));
    RateLimiter.Lane fast = new RateLimiter(clock, Long.MAX_VALUE).lane();
    for (int i = 0; i < 10; i++) {
      fast.acquire(Integer.MAX_VALUE);
    }
    new RateLimiter(clock, 1).lane().acquire(Integer.MAX_VALUE);
  }

  /** Asks on a thread of its own, and returns when that waits or has been granted what it wants. */
  private void enqueue(RateLimiter.Lane lane, String name, int bytes) {
    int before = limiter.waiting();
    Thread thread =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    lane.acquire(bytes);
                    granted.add(name);
                  } catch (IOException e) {
                    granted.add(name + " closed");
                  }
                });
    while (limiter.waiting() == before && thread.isAlive()) {
      Thread.onSpinWait();
    }
  }

  /** Time of one thread: actions run on the one that turns it. */
  private static final class Clock implements TimeSource {
    private record Timer(long due, Runnable action) {}

    private final List<Timer> timers = new ArrayList<>();
    private long now;

    @Override
    public synchronized long nanoTime() {
      return now;
    }

    @Override
    public synchronized Scheduled after(Duration delay, Runnable action) {
      Timer timer = new Timer(now + delay.toNanos(), action);
      timers.add(timer);
      return () -> remove(timer);
    }

    private synchronized void remove(Timer timer) {
      timers.remove(timer);
    }

    private synchronized List<Timer> due() {
      List<Timer> due = timers.stream().filter(timer -> timer.due() <= now).toList();
      timers.removeAll(due);
      return due;
    }

    private synchronized void turn(Duration duration) {
      now += duration.toNanos();
    }

    void advance(Duration duration) {
      turn(duration);
      due().forEach(timer -> timer.action().run());
    }
  }
}
