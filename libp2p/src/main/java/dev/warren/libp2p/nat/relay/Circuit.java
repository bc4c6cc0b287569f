package dev.warren.libp2p.nat.relay;

import dev.warren.libp2p.host.Stream;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * Two streams joined in the middle: what comes from either goes to the other, until both have ended
 * or the limit is used up.
 */
final class Circuit {
  /** As much as a yamux frame of most senders, and of ours, carries. */
  private static final int BLOCK_BYTES = 64 * 1024;

  /** What a direction holds while little passes: there may be thousands of quiet circuits. */
  private static final int FIRST_BLOCK_BYTES = 2 * 1024;

  /**
   * What a connection in use never is: whoever has one pings. So a circuit is not held by peers
   * that neither send nor read.
   */
  static final Duration LONGEST_SILENCE = Duration.ofMinutes(5);

  private final Stream first;
  private final Stream second;
  private final CircuitLimit limit;
  private final TimeSource time;
  private final RelayPolicy.Meter meter;
  private final LongConsumer relayed;
  private volatile long movedNanos;

  /**
   * @param meter what is asked before anything is passed on
   * @param relayed is told each number of bytes before it is passed on
   */
  Circuit(
      Stream first,
      Stream second,
      CircuitLimit limit,
      TimeSource time,
      RelayPolicy.Meter meter,
      LongConsumer relayed) {
    this.first = first;
    this.second = second;
    this.limit = limit;
    this.time = time;
    this.meter = meter;
    this.relayed = relayed;
  }

  /** Passes on, until it ends. */
  void run() {
    movedNanos = time.nanoTime();
    try (meter;
        var _ = end(limit.duration());
        var _ = new Silence()) {
      Thread back = Thread.ofVirtual().name("libp2p-circuit").start(() -> pass(second, first));
      pass(first, second);
      back.join();
    } catch (InterruptedException e) {
      cut();
      Thread.currentThread().interrupt();
    }
  }

  private TimeSource.Scheduled end(Duration duration) {
    return duration.isZero() ? () -> {} : time.after(duration, this::cut);
  }

  private void pass(Stream from, Stream to) {
    long left = limit.bytes() == 0 ? Long.MAX_VALUE : limit.bytes();
    byte[] block = new byte[FIRST_BLOCK_BYTES];
    try {
      int n;
      while ((n = from.read(block, 0, block.length)) >= 0) {
        if (n > left) { // "If more data than the limit specified … should reset"
          cut();
          return;
        }
        left -= n;
        meter.pass(n);
        relayed.accept(n);
        to.write(block, 0, n);
        movedNanos = time.nanoTime();
        if (n == block.length && n < BLOCK_BYTES) {
          block = new byte[2 * n];
        }
      }
      to.closeWrite();
    } catch (IOException e) {
      cut();
    }
  }

  private void cut() {
    meter.close();
    first.reset(0);
    second.reset(0);
  }

  /** Cuts the circuit when nothing has moved for long; one timer at a time. */
  private final class Silence implements AutoCloseable {
    private TimeSource.Scheduled timer = () -> {}; // guarded by this object's lock
    private boolean closed; // guarded by this object's lock
    private final ReentrantLock lock = new ReentrantLock();

    Silence() {
      watch(LONGEST_SILENCE);
    }

    private void watch(Duration longest) {
      lock.lock();
      try {
        if (!closed) {
          timer = time.after(longest, this::look);
        }
      } finally {
        lock.unlock();
      }
    }

    private void look() {
      Duration left = LONGEST_SILENCE.minusNanos(time.nanoTime() - movedNanos);
      if (left.isPositive()) {
        watch(left);
      } else {
        cut();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        timer.cancel();
      } finally {
        lock.unlock();
      }
    }
  }
}
