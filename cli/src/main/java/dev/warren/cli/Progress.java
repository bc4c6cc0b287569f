package dev.warren.cli;

import dev.warren.libp2p.transport.TimeSource;
import java.io.Closeable;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Shows how far a transfer has come: to people on the terminal's last line, to programs as an
 * object each second, and to a file or pipe not at all.
 */
final class Progress implements Closeable {
  private static final Duration FOR_PEOPLE = Duration.ofMillis(200);
  private static final Duration FOR_PROGRAMS = Duration.ofSeconds(1);

  private final Session session;
  private final String phase;
  private final long totalBytes;
  private final long startNanos;
  private final LongAdder moved = new LongAdder();
  private final ReentrantLock lock = new ReentrantLock();
  private TimeSource.Scheduled next = () -> {}; // guarded by lock
  private boolean ended; // guarded by lock

  Progress(Session session, String phase, long totalBytes) {
    this.session = session;
    this.phase = phase;
    this.totalBytes = totalBytes;
    startNanos = session.time().nanoTime();
    if (session.console().json() || session.console().interactive()) {
      schedule();
    }
  }

  void moved(long bytes) {
    moved.add(bytes);
  }

  long bytes() {
    return moved.sum();
  }

  /** Shows nothing more. */
  @Override
  public void close() {
    lock.lock();
    try {
      ended = true;
      next.cancel();
      session.console().endStatus();
    } finally {
      lock.unlock();
    }
  }

  private void schedule() {
    next = session.time().after(session.console().json() ? FOR_PROGRAMS : FOR_PEOPLE, this::show);
  }

  private void show() {
    lock.lock();
    try {
      if (ended) {
        return;
      }
      double seconds = (session.time().nanoTime() - startNanos) / 1e9;
      long bytes = bytes();
      if (session.console().json()) {
        session
            .console()
            .sayToPrograms(
                () ->
                    JsonObject.event("progress")
                        .with("phase", phase)
                        .with("bytes", bytes)
                        .with("total_bytes", totalBytes)
                        .with("seconds", seconds));
      } else {
        session
            .console()
            .status(
                String.format(
                    Locale.ROOT,
                    "%-8s %s of %s  %.1f MiB/s",
                    phase,
                    ByteSize.format(bytes),
                    ByteSize.format(totalBytes),
                    bytes / seconds / (1 << 20)));
      }
      schedule();
    } finally {
      lock.unlock();
    }
  }
}
