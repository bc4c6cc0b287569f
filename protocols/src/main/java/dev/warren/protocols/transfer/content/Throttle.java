package dev.warren.protocols.transfer.content;

import java.io.IOException;

/** Holds back bytes that are to be sent or received. */
@FunctionalInterface
public interface Throttle {
  /** Holds nothing back. */
  Throttle NONE = most -> most;

  /**
   * Waits until some bytes may go.
   *
   * @param most at least 1
   * @return how many, from 1 to so many
   */
  int take(int most) throws IOException;
}
