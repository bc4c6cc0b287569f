package dev.warren.cli;

import dev.warren.libp2p.transport.TimeSource;
import dev.warren.node.ReceivingProgress;
import dev.warren.node.ReceivingProgress.State;
import java.util.concurrent.TimeUnit;

/** Notices when receiving goes so badly that the network may be why. For one thread. */
final class Difficulty {
  private static final long PATIENCE_SECONDS = 10;
  private static final long SLOW_BYTES_PER_SECOND = 64 << 10;

  private final TimeSource time;
  private final long slowBytesPerSecond;
  private long beganNanos;
  private long beganBytes;
  private boolean noticed;

  /**
   * @param limit as fast as the user wishes it to be, in bytes a second
   */
  Difficulty(TimeSource time, long limit) {
    this.time = time;
    slowBytesPerSecond = Math.min(SLOW_BYTES_PER_SECOND, limit / 2);
    beganNanos = time.nanoTime();
  }

  /** Whether there is one now; says so once. */
  boolean isNew(ReceivingProgress progress) {
    long now = time.nanoTime();
    if (progress.state() != State.RECEIVING || progress.hashing()) {
      begin(now, progress);
    } else if (now - beganNanos >= TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS)) {
      long bytes = progress.receivedBytes() + progress.reusedBytes() - beganBytes;
      boolean bad = bytes < PATIENCE_SECONDS * slowBytesPerSecond || isRelayed(progress);
      begin(now, progress);
      if (bad && !noticed) {
        noticed = true;
        return true;
      }
    }
    return false;
  }

  private void begin(long now, ReceivingProgress progress) {
    beganNanos = now;
    beganBytes = progress.receivedBytes() + progress.reusedBytes();
  }

  private static boolean isRelayed(ReceivingProgress progress) {
    return !progress.sources().isEmpty()
        && progress.sources().stream().allMatch(source -> source.path().equals("relayed"));
  }
}
