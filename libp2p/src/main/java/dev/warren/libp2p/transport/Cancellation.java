package dev.warren.libp2p.transport;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Ends blocking work from another thread by closing what it blocks on.
 *
 * <p>Interrupts are not used for this: one that arrives late would hit a thread that meanwhile
 * writes on a connection which others share.
 */
public final class Cancellation {

  /** Stands for an action that is to run on cancellation; closing it forgets the action. */
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Registration, Runnable> actions = new HashMap<>(); // guarded by lock
  private @Nullable String reason; // guarded by lock

  /** Cancels, once, and runs the registered actions on the calling thread. */
  public void cancel(String because) {
    List<Runnable> due;
    lock.lock();
    try {
      if (reason != null) {
        return;
      }
      reason = because;
      due = List.copyOf(actions.values());
      actions.clear();
    } finally {
      lock.unlock();
    }
    due.forEach(Runnable::run);
  }

  /** Registers what ends the work; runs it at once when cancelled already. */
  public Registration onCancel(Runnable action) {
    Registration registration =
        new Registration() {
          @Override
          public void close() {
            forget(this);
          }
        };
    lock.lock();
    try {
      if (reason == null) {
        actions.put(registration, action);
        return registration;
      }
    } finally {
      lock.unlock();
    }
    action.run();
    return registration;
  }

  /** Throws when the work has been cancelled. */
  public void check() throws IOException {
    lock.lock();
    try {
      if (reason != null) {
        throw new CancelledException(reason);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Turns a failure into a {@link CancelledException} when cancelling was its cause. */
  public IOException explain(IOException failure) {
    lock.lock();
    try {
      return reason == null ? failure : new CancelledException(reason);
    } finally {
      lock.unlock();
    }
  }

  private void forget(Registration registration) {
    lock.lock();
    try {
      actions.remove(registration);
    } finally {
      lock.unlock();
    }
  }
}
