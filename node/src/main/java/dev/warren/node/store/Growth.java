package dev.warren.node.store;

import dev.warren.protocols.transfer.content.Subscription;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Those who want to know when something has grown. */
final class Growth {
  private final Map<Object, Runnable> actions = new ConcurrentHashMap<>();

  Subscription subscribe(Runnable action) {
    Object key = new Object();
    actions.put(key, action);
    return () -> actions.remove(key);
  }

  boolean awaited() {
    return !actions.isEmpty();
  }

  void happened() {
    actions.values().forEach(Runnable::run);
  }
}
