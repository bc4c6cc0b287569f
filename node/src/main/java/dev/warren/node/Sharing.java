package dev.warren.node;

import dev.warren.sharecodes.ShareId;
import java.io.IOException;
import java.util.List;

/** A share that goes on. Safe for many threads. */
public interface Sharing extends AutoCloseable {
  /** Why a share came to its end. */
  enum End {
    /** It was closed here. */
    CLOSED,
    /** Its time was over. */
    EXPIRED,
    /** As many as were to have it have it. */
    RECEIVED
  }

  /** The name of the share among those of this node. */
  ShareId id();

  /** What receivers are told that it is. */
  String name();

  /** Whether this is a share that was cut off and goes on, with the code that it had. */
  boolean continued();

  /** What to give to receivers, with the addresses that this node has now. */
  ShareCodes codes();

  /** How far listing, hashing and sending are. */
  SharingProgress progress();

  /** Those who receive or have received, the first to come first. */
  List<Receiver> receivers();

  /**
   * Waits until the share ends.
   *
   * @throws IOException if it cannot go on
   */
  End await() throws IOException, InterruptedException;

  /** Ends the share for good: its codes lead nowhere any more. */
  @Override
  void close();
}
