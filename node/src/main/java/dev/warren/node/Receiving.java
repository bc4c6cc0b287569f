package dev.warren.node;

import java.io.IOException;

/** A share that is being received. Safe for many threads. */
public interface Receiving extends AutoCloseable {
  /** How far it has come. */
  ReceivingProgress progress();

  /** Asks for nothing more until {@link #resume}. */
  void pause();

  /** Goes on after {@link #pause}. */
  void resume();

  /**
   * Waits until everything is here. Others may go on to fetch it from here until this is closed.
   *
   * @throws ReceiveException if it does not come to that, saying why; what is here stays, and
   *     receiving the same again goes on from it
   * @throws IOException if the disk does not take it
   */
  Received await() throws IOException, InterruptedException;

  /** Ends it. What is here stays, and receiving the same again goes on from it. */
  @Override
  void close();
}
