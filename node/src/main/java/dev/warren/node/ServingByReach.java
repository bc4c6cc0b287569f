package dev.warren.node;

import dev.warren.libp2p.dht.Mode;
import dev.warren.libp2p.nat.reachability.Verdict;
import dev.warren.libp2p.transport.TimeSource;
import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Serves others while they can reach this node. When that ends they must not wait for it, so it
 * ends at once; once it has ended it begins again only after a while, since each change makes many
 * peers rebuild their tables. As long as nothing is known it stays as it is.
 */
final class ServingByReach implements Closeable {
  private static final Duration REST = Duration.ofMinutes(10);

  private final TimeSource time;
  private final Supplier<Verdict> verdict;
  private final Consumer<Mode> switching;
  private final ReentrantLock lock = new ReentrantLock();
  private Mode mode = Mode.CLIENT; // guarded by lock
  private TimeSource.@Nullable Scheduled rest; // guarded by lock

  /**
   * @param verdict what is known at present
   * @param switching is told of each change
   */
  ServingByReach(TimeSource time, Supplier<Verdict> verdict, Consumer<Mode> switching) {
    this.time = time;
    this.verdict = verdict;
    this.switching = switching;
  }

  /** Looks at what is known. */
  void update() {
    lock.lock();
    try {
      switch (verdict.get()) {
        case PUBLIC -> {
          if (rest == null) {
            be(Mode.SERVER);
          }
        }
        case PRIVATE -> {
          if (mode == Mode.SERVER) {
            be(Mode.CLIENT);
            rest = time.after(REST, this::rested);
          }
        }
        case UNKNOWN -> {}
      }
    } finally {
      lock.unlock();
    }
  }

  private void be(Mode which) {
    if (mode != which) {
      mode = which;
      switching.accept(which);
    }
  }

  private void rested() {
    lock.lock();
    try {
      rest = null;
    } finally {
      lock.unlock();
    }
    update();
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (rest != null) {
        rest.cancel();
      }
    } finally {
      lock.unlock();
    }
  }
}
