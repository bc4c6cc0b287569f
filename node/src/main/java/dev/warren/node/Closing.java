package dev.warren.node;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes several things, the last added first, whatever comes of each. For one thread. */
final class Closing implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Closing.class);

  private final Deque<Closeable> things = new ArrayDeque<>();

  void add(Closeable thing) {
    things.push(thing);
  }

  /** They are somebody else's to close now. */
  void forget() {
    things.clear();
  }

  @Override
  public void close() {
    while (!things.isEmpty()) {
      try {
        things.pop().close();
      } catch (IOException | RuntimeException e) {
        log.warn("something could not be closed in good order", e);
      }
    }
  }
}
