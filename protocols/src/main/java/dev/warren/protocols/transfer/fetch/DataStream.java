package dev.warren.protocols.transfer.fetch;

import dev.warren.protocols.transfer.serve.ChunkUnavailableException;
import java.io.Closeable;
import java.io.IOException;

/**
 * A stream on which chunks are asked for, and come in the order in which they were. One thread uses
 * it; closing may be done by any.
 */
public interface DataStream extends Closeable {
  /** Asks for chunks without waiting for them. */
  void want(int[] ordinals) throws IOException;

  /**
   * Waits for the next chunk of those asked for. Its bytes are in {@link #array} until the next
   * call.
   *
   * @return its length
   * @throws ChunkUnavailableException if the source cannot give this one; the stream goes on
   */
  int next() throws IOException;

  /** Lets go of memory; all that was asked for has come. */
  void rest();

  /** Where the last chunk is. */
  byte[] array();

  /** Where it begins. */
  int offset();

  @Override
  void close();
}
