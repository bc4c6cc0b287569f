package dev.warren.node;

import java.time.Duration;
import java.util.List;

/**
 * What was received.
 *
 * @param name what the sharer calls it
 * @param files that are whole now
 * @param bytes of all of them
 * @param skipped files and links that were left out for different ones that are here
 * @param gone files that could not be had, since the sharer does not have them any more
 * @param firstGone the first of those, 20 at most
 * @param receivedBytes content that came over the network
 * @param reusedBytes content that was on this disk already
 * @param time since the consent
 * @param sources how many gave something
 */
public record Received(
    String name,
    long files,
    long bytes,
    long skipped,
    long gone,
    List<String> firstGone,
    long receivedBytes,
    long reusedBytes,
    Duration time,
    int sources) {
  /** Copies the list. */
  public Received {
    firstGone = List.copyOf(firstGone);
  }
}
