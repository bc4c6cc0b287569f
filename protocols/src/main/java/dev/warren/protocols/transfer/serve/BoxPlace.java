package dev.warren.protocols.transfer.serve;

import dev.warren.libp2p.transport.TimeSource;
import dev.warren.protocols.transfer.content.BoxSealer;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Memory for the boxes of one data stream, out of what there is for all. A stream has it while it
 * has something to send, and for a while after: streams of receivers that have everything stay
 * open, and must not keep out those that want something. Who finds no room waits for its turn.
 *
 * <p>For one thread, but for what happens by time.
 */
final class BoxPlace implements AutoCloseable {
  /** How long a stream that wants nothing keeps its place, if nobody else waits for one. */
  static final Duration REST = Duration.ofSeconds(10);

  private final Semaphore places;
  private final TimeSource time;

  /** What is kept meanwhile; who takes it out of here decides what becomes of it. */
  private final AtomicReference<byte @Nullable []> resting = new AtomicReference<>();

  private TimeSource.Scheduled end = () -> {};
  private boolean taken;

  /**
   * @param places one for each box that there is room for
   */
  BoxPlace(Semaphore places, TimeSource time) {
    this.places = places;
    this.time = time;
  }

  /** Where boxes can be made until {@link #rest}. */
  byte[] take() {
    end.cancel();
    byte[] kept = resting.getAndSet(null);
    if (kept == null) {
      places.acquireUninterruptibly();
    }
    taken = true;
    return kept == null ? new byte[BoxSealer.BYTES] : kept;
  }

  /** No box is being made. */
  void rest(byte[] array) {
    taken = false;
    resting.set(array);
    if (places.hasQueuedThreads()) {
      giveUp();
    } else {
      end = time.after(REST, this::giveUp);
    }
  }

  private void giveUp() {
    if (resting.getAndSet(null) != null) {
      places.release();
    }
  }

  @Override
  public void close() {
    end.cancel();
    giveUp();
    if (taken) {
      places.release();
    }
  }
}
