package dev.warren.node;

import dev.warren.node.Way.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The ways on which a sharer is looked for. Safe for many threads. */
final class Ways {
  private final List<Way> off;
  private final Consumer<List<Way>> listener;
  private final ReentrantLock lock = new ReentrantLock();

  /** By name, in the order in which they are shown. Guarded by the lock. */
  private final Map<String, Way> ways = new LinkedHashMap<>();

  /**
   * No way yet.
   *
   * @param off those that are not used, shown behind the others
   */
  Ways(List<String> off, Consumer<List<Way>> listener) {
    this.off = off.stream().map(name -> new Way(name, State.OFF, "")).toList();
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
      now = all();
    } finally {
      lock.unlock();
    }
    listener.accept(now);
  }

  List<Way> all() {
    lock.lock();
    try {
      return Stream.concat(ways.values().stream(), off.stream()).toList();
    } finally {
      lock.unlock();
    }
  }
}
