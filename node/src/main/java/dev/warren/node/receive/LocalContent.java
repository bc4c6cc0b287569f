package dev.warren.node.receive;

import dev.warren.node.store.PlacedChunk;
import dev.warren.protocols.transfer.content.Chunk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/** What is known of content that lies on this disk, whoever put it there. */
public interface LocalContent {
  /**
   * The chunks that a file consists of, which is read for that unless it has been before and is
   * unchanged.
   *
   * @param hashed is told of bytes as they are read
   */
  List<Chunk> chunksOf(Path file, LongConsumer hashed) throws IOException;

  /**
   * Reads a chunk from wherever it is on this disk, and makes sure that it is the one.
   *
   * @return whether there is one
   */
  boolean read(Chunk chunk, byte[] into) throws IOException;

  /** These chunks are in a file, which is whole; in order. */
  void learn(Path file, List<PlacedChunk> chunks) throws IOException;
}
