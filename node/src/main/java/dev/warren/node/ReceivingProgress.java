package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import java.util.List;
import java.util.Optional;

/**
 * How far receiving has come.
 *
 * @param ways how the sharer is looked for
 * @param name what the sharer calls the share, empty until it is found
 * @param files that were asked for
 * @param bytes of all of them
 * @param doneFiles those that are whole
 * @param doneBytes what is here, of them and of others
 * @param receivedBytes content that came over the network
 * @param reusedBytes content that was on this disk already
 * @param sentBytes content that went to others who receive the same
 * @param currentFile one that is being received, empty if none is
 * @param hashing whether the sharer is still hashing
 * @param sources those who are connected
 */
public record ReceivingProgress(
    State state,
    List<Way> ways,
    String name,
    long files,
    long bytes,
    long doneFiles,
    long doneBytes,
    long receivedBytes,
    long reusedBytes,
    long sentBytes,
    String currentFile,
    boolean hashing,
    List<Source> sources) {
  /** Copies the lists. */
  public ReceivingProgress {
    ways = List.copyOf(ways);
    sources = List.copyOf(sources);
  }

  /** What is being done. */
  public enum State {
    /** Looking for the sharer. */
    FINDING,
    /** Reading the list of what will come. */
    LISTING,
    /** Waiting for consent. */
    ASKING,
    /** Looking for content that is on this disk already, and fetching the rest. */
    RECEIVING,
    /** Fetching nothing until resumed. */
    PAUSED,
    /** Everything is here. */
    DONE,
    /** It ended before everything was here. */
    FAILED
  }

  /**
   * One who gives.
   *
   * @param petname what the user calls the peer, if the user has named it
   * @param path how it is reached, {@code direct, LAN}
   * @param receivedBytes what it gave
   */
  public record Source(PeerId peer, Optional<String> petname, String path, long receivedBytes) {}
}
