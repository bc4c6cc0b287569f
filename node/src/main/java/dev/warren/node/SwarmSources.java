package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.TimeSource;
import java.io.Closeable;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/** The sources that are connected; gives up when there were none for a while. Thread-safe. */
final class SwarmSources implements Closeable {
  private final TimeSource time;
  private final Duration patience;
  private final Runnable giveUp;
  private final ReentrantLock lock = new ReentrantLock();

  // All that follow are guarded by lock.
  private final Set<PeerId> connected = new HashSet<>();
  private Optional<TimeSource.Scheduled> givingUp = Optional.empty();
  private boolean closed;

  /**
   * Nobody is connected yet.
   *
   * @param giveUp is run once nobody has been connected for as long as the patience lasts
   */
  SwarmSources(TimeSource time, Duration patience, Runnable giveUp) {
    this.time = time;
    this.patience = patience;
    this.giveUp = giveUp;
  }

  void connected(PeerId source) {
    lock.lock();
    try {
      connected.add(source);
      stopGivingUp();
    } finally {
      lock.unlock();
    }
  }

  /** Yields whether there is nobody now. */
  boolean left(PeerId source) {
    lock.lock();
    try {
      connected.remove(source);
      if (!connected.isEmpty()) {
        return false;
      }
      if (givingUp.isEmpty() && !closed) {
        givingUp = Optional.of(time.after(patience, this::giveUp));
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void giveUp() {
    lock.lock();
    try {
      if (closed || !connected.isEmpty()) {
        return;
      }
    } finally {
      lock.unlock();
    }
    giveUp.run();
  }

  private void stopGivingUp() {
    givingUp.ifPresent(TimeSource.Scheduled::cancel);
    givingUp = Optional.empty();
  }

  /** Gives up no more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      stopGivingUp();
    } finally {
      lock.unlock();
    }
  }
}
