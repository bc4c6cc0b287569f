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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
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

  /** Of all that go at once, so many as there are lanes may be ahead of what time has paid for. */
  @Property(tries = 50)
  void speedIsEvenAndHoldsOverAnyTime(
      @ForAll @LongRange(min = 1 << 10, max = 1L << 33) long bytesPerSecond,
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 1 << 20) Integer> boxes)
      throws Exception {
    var taker = new Taker(new RateLimiter(clock, bytesPerSecond), boxes);
    taker.run();
    double turn = Math.max(0.05, 1024.0 / bytesPerSecond) + 1e-6;
    for (int first = 0; first < taker.taken.size(); first++) {
      Taken begin = taker.taken.get(first);
      if (first > 0) {
        double rest = (begin.nanos - taker.taken.get(first - 1).nanos) / 1e9;
        assertThat(rest).isLessThanOrEqualTo(turn);
      }
      long bytes = 0;
      for (Taken end : taker.taken.subList(first, taker.taken.size())) {
        double seconds = (end.nanos - begin.nanos) / 1e9;
        assertThat((double) bytes).isLessThanOrEqualTo((seconds + 0.1 + turn) * bytesPerSecond + 1);
        bytes += end.bytes;
      }
    }
    assertThat(taker.taken.stream().mapToLong(Taken::bytes).sum())
        .isEqualTo(boxes.stream().mapToLong(Integer::longValue).sum());
  }

  private record Taken(long nanos, int bytes) {}

  /** Takes one box after the other, on a thread of its own, as fast as it may. */
  private final class Taker {
    private final RateLimiter limited;
    private final List<Integer> boxes;
    private final List<Taken> taken = new ArrayList<>();

    private Taker(RateLimiter limited, List<Integer> boxes) {
      this.limited = limited;
      this.boxes = boxes;
    }

    private void run() throws InterruptedException {
      Thread thread = Thread.ofVirtual().start(this::take);
      while (thread.isAlive()) {
        if (limited.waiting() > 0) {
          clock.advanceToNext();
        } else {
          Thread.onSpinWait();
        }
      }
      thread.join();
    }

    private void take() {
      List<RateLimiter.Lane> lanes = List.of(limited.lane());
      try {
        for (int box : boxes) {
          for (int at = 0; at < box; ) {
            int some = RateLimiter.take(lanes, box - at);
            taken.add(new Taken(clock.nanoTime(), some));
            at += some;
          }
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void whoIsUnderSeveralLimitsTakesNoMoreThanTheLeastAllows() throws Exception {
    RateLimiter.Lane fast = new RateLimiter(clock, 1 << 30).lane();
    RateLimiter.Lane slow = new RateLimiter(clock, 1 << 20).lane();
    assertThat(RateLimiter.take(List.of(fast, slow), 1 << 20)).isEqualTo((1 << 20) / 20);
    assertThat(RateLimiter.take(List.of(), 1 << 20)).isEqualTo(1 << 20);
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

    void advanceToNext() {
      long next;
      synchronized (this) {
        next = timers.stream().mapToLong(Timer::due).min().orElse(now);
      }
      advance(Duration.ofNanos(Math.max(0, next - nanoTime())));
    }

    void advance(Duration duration) {
      turn(duration);
      due().forEach(timer -> timer.action().run());
    }
  }
}
