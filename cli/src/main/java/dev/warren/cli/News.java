package dev.warren.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;

/**
 * What a node's threads have to tell. They must not wait for a terminal that somebody has paused,
 * so it goes through a queue to the thread of the command. When that is full, news is dropped.
 */
final class News {
  private static final int MAX_WAITING = 1024;

  private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>(MAX_WAITING);

  /** Has this done by the command's thread; from any thread. */
  void tell(Runnable news) {
    boolean _ = waiting.offer(news);
  }

  /** Has the command's thread look whether it is to go on; a full queue does that as well. */
  void wake() {
    tell(() -> {});
  }

  /** Tells what comes until the condition holds, and what has come until then. */
  void until(BooleanSupplier ended) throws InterruptedException {
    while (!ended.getAsBoolean()) {
      waiting.take().run();
    }
    List<Runnable> rest = new ArrayList<>();
    waiting.drainTo(rest);
    rest.forEach(Runnable::run);
  }
}
