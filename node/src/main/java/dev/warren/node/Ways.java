package dev.warren.node;

import dev.warren.node.Way.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The ways on which a sharer is looked for. Safe for many threads. */
final class Ways {
  private final Consumer<List<Way>> listener;
  private final ReentrantLock lock = new ReentrantLock();

  /** By name, in the order in which they are shown. Guarded by the lock. */
  private final Map<String, Way> ways = new LinkedHashMap<>();

  Ways(Consumer<List<Way>> listener) {
    this.listener = listener;
  }

  /** Adds a way, or says how it goes; one that has found stays so. */
  void put(String name, State state, String detail) {
    List<Way> now;
    lock.lock();
    try {
      Way before = ways.get(name);
      if (before != null && before.state() == State.FOUND) {
        return;
      }
      Way after = new Way(name, state, detail);
      if (after.equals(ways.put(name, after))) {
        return;
      }
      now = List.copyOf(ways.values());
    } finally {
      lock.unlock();
    }
    listener.accept(now);
  }

  List<Way> all() {
    lock.lock();
    try {
      return List.copyOf(ways.values());
    } finally {
      lock.unlock();
    }
  }
}
