package dev.warren.libp2p.dht;

import java.time.Duration;

/**
 * What came of storing a record. When it is returned some peers may still be at it.
 *
 * @param stored how many peers have it by now
 * @param asked how many have been asked to keep it
 * @param took until then
 */
public record Stored(int stored, int asked, Duration took) {
  @Override
  public String toString() {
    return "stored with %d of %d peers after %.1f s"
        .formatted(stored, asked, took.toMillis() / 1e3);
  }
}
