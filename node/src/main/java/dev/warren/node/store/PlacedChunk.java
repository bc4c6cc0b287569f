package dev.warren.node.store;

import dev.warren.protocols.transfer.content.Chunk;
import java.util.Iterator;

/** A chunk as a part of a file. */
public record PlacedChunk(long offset, long ordinal, Chunk chunk) {
  /** The chunks alone. */
  public static Iterator<Chunk> chunks(Iterator<PlacedChunk> placed) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return placed.hasNext();
      }

      @Override
      public Chunk next() {
        return placed.next().chunk();
      }
    };
  }
}
