package dev.warren.node.receive;

import dev.warren.node.store.FileStamp;
import dev.warren.protocols.transfer.content.Chunk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** What is known of content that lies on this disk, whoever put it there. */
public interface LocalContent {
  /**
   * A file, and the chunks that it consisted of when it had a stamp.
   *
   * @param chunks in order, read page by page
   */
  record KnownFile(FileStamp stamp, Iterator<Chunk> chunks) {}

  /**
   * What a file consists of. It is read for that unless it has been before and is unchanged.
   *
   * @param hashed is told of bytes as they are read
   * @return nothing if the file cannot be read, or keeps changing
   */
  Optional<KnownFile> look(Path file, LongConsumer hashed) throws IOException;

  /** Where some chunks are on this disk. */
  @FunctionalInterface
  interface Places {
    /**
     * Reads one of those chunks, and makes sure that it is the one.
     *
     * @return whether it is there
     */
    boolean read(Chunk chunk, byte[] into);
  }

  /** Looks for some chunks, all at once. */
  Places find(List<Chunk> chunks) throws IOException;

  /** A file that has this stamp consists of these chunks. */
  void learn(Path file, FileStamp stamp, Iterator<Chunk> chunks) throws IOException;

  /** Has all that was learnt found from now on, by other processes too. */
  void flush() throws IOException;
}
