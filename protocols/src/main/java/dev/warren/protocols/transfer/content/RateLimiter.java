package dev.warren.protocols.transfer.content;

import dev.warren.libp2p.transport.TimeSource;
import java.nio.channels.AsynchronousCloseException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Holds the bytes of many to one speed. Each of them has a {@link Lane}, and lanes take turns, so
 * that one with many streams gets no more than one with a single stream.
 *
 * <p>A turn is granted as soon as what was granted before has been paid for by time, however much
 * it asks for: so the speed holds over time. Who {@linkplain #take takes} some bytes at a time gets
 * as many as go in {@value #TURN_MILLIS} ms, so that the speed is even as well. What was not used
 * is kept for {@value #BURST_MILLIS} ms.
 */
public final class RateLimiter {
  private static final long BURST_MILLIS = 100;
  private static final long BURST_NANOS = Duration.ofMillis(BURST_MILLIS).toNanos();
  private static final long NANOS_PER_SECOND = Duration.ofSeconds(1).toNanos();

  private static final long TURN_MILLIS = 50;
  private static final long TURNS_PER_SECOND = 1000 / TURN_MILLIS;

  /** With less in a turn, headers would be most of what is sent. */
  private static final int LEAST_IN_A_TURN = 1024;

  private final TimeSource time;
  private final long bytesPerSecond;

  private final ReentrantLock lock = new ReentrantLock();

  // All below is guarded by the lock.

  /** Lanes in which somebody waits, in the order of their turns. */
  private final Queue<Lane> turns = new ArrayDeque<>();

  /** When all that was granted has been paid for. */
  private long paidAtNanos;

  private boolean timerIsSet;

  /** Limits to so many bytes a second, at least one. */
  public RateLimiter(TimeSource time, long bytesPerSecond) {
    if (bytesPerSecond < 1) {
      throw new IllegalArgumentException(bytesPerSecond + " bytes a second");
    }
    this.time = time;
    this.bytesPerSecond = bytesPerSecond;
    paidAtNanos = time.nanoTime() - BURST_NANOS;
  }

  /**
   * Waits for a turn in each of these lanes, which may be of several limiters.
   *
   * @return how many bytes may go, at most so many as were asked for
   */
  public static int take(List<Lane> lanes, int most) throws AsynchronousCloseException {
    int some = most;
    for (Lane lane : lanes) {
      some = Math.min(some, lane.bytesInATurn());
    }
    for (Lane lane : lanes) {
      lane.acquire(some);
    }
    return some;
  }

  /** A lane of its own for somebody. */
  public Lane lane() {
    return new Lane();
  }

  /**
   * Grants turns as long as all is paid for, and sees to it that the next one is granted in time.
   */
  private void grant() {
    long now = time.nanoTime();
    while (!turns.isEmpty() && paidAtNanos - now <= 0) {
      Lane lane = turns.remove();
      Turn turn = lane.waiting.remove();
      paidAtNanos = Math.max(paidAtNanos, now - BURST_NANOS) + turn.nanos;
      turn.granted = true;
      turn.changed.signal();
      if (!lane.waiting.isEmpty()) {
        turns.add(lane);
      }
    }
    if (!turns.isEmpty() && !timerIsSet) {
      timerIsSet = true;
      time.after(Duration.ofNanos(paidAtNanos - now), this::onTimer);
    }
  }

  private void onTimer() {
    lock.lock();
    try {
      timerIsSet = false;
      grant();
    } finally {
      lock.unlock();
    }
  }

  /** How many wait. */
  int waiting() {
    lock.lock();
    try {
      return turns.stream().mapToInt(lane -> lane.waiting.size()).sum();
    } finally {
      lock.unlock();
    }
  }

  /** One request. */
  private final class Turn {
    private final Condition changed = lock.newCondition();
    private final long nanos;
    private boolean granted;

    private Turn(int bytes) {
      nanos = Math.ceilDiv(bytes * NANOS_PER_SECOND, bytesPerSecond);
    }
  }

  /** The place of one who is limited. */
  public final class Lane implements AutoCloseable {
    private final Queue<Turn> waiting = new ArrayDeque<>();
    private boolean closed;

    private Lane() {}

    private int bytesInATurn() {
      return Math.clamp(bytesPerSecond / TURNS_PER_SECOND, LEAST_IN_A_TURN, Integer.MAX_VALUE);
    }

    /**
     * Waits until so many bytes may be sent. Of the threads that share a lane, the first to come is
     * the first to go.
     *
     * @throws AsynchronousCloseException if the lane is closed, or is meanwhile
     */
    public void acquire(int bytes) throws AsynchronousCloseException {
      lock.lock();
      try {
        Turn turn = new Turn(bytes);
        if (!closed) {
          waiting.add(turn);
          if (waiting.size() == 1) {
            turns.add(this);
          }
          grant();
        }
        // Closing ends this, and not an interrupt: those who wait also use connections.
        while (!turn.granted && !closed) {
          turn.changed.awaitUninterruptibly();
        }
        if (!turn.granted) {
          throw new AsynchronousCloseException();
        }
      } finally {
        lock.unlock();
      }
    }

    /** Ends the waiting of all in this lane, whose turns go to others. */
    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        turns.remove(this);
        waiting.forEach(turn -> turn.changed.signal());
        waiting.clear();
      } finally {
        lock.unlock();
      }
    }
  }
}
