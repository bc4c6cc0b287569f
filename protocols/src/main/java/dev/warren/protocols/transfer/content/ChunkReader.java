package dev.warren.protocols.transfer.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;

/**
 * Cuts content into chunks and hashes them, one file after the other. It is a cursor: {@link #next}
 * moves it, and what it says of a chunk, its bytes included, holds until then. One for each thread
 * that hashes, for as long as that lives: it holds {@value #BUFFER_BYTES} bytes. Nothing is
 * allocated for a chunk but what {@link #chunk} returns.
 */
public final class ChunkReader {
  /** Four chunks of the greatest length: what is left over and moves is a quarter at most. */
  private static final int BUFFER_BYTES = 4 * Chunk.MAX_BYTES;

  /** A file's channel takes as much again outside the heap as is read in one go. */
  private static final int READ_BYTES = 256 << 10;

  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final ByteBuffer view = ByteBuffer.wrap(buffer);
  private final MessageDigest sha256 = Sha256.digest();

  private ReadableByteChannel content;
  private boolean ended;
  private int filled;
  private int start;
  private int length;
  private long position;
  private boolean zeros;

  /** A reader of some content; {@link #open} changes to another. */
  public ChunkReader(ReadableByteChannel content) {
    this.content = content;
  }

  /** Begins with other content, of which nothing has been read. The old one is not closed. */
  public void open(ReadableByteChannel content) {
    this.content = content;
    ended = false;
    filled = 0;
    start = 0;
    length = 0;
    position = 0;
  }

  /**
   * Moves to the next chunk.
   *
   * @return whether there is one
   */
  public boolean next() throws IOException {
    start += length;
    position += length;
    if (filled - start < Chunk.MAX_BYTES) {
      fill();
    }
    int available = filled - start;
    zeros = Chunker.isZeros(buffer, start, available);
    length = zeros ? Chunk.MAX_BYTES : Chunker.cut(buffer, start, available);
    return length > 0;
  }

  private void fill() throws IOException {
    if (ended) {
      return;
    }
    System.arraycopy(buffer, start, buffer, 0, filled - start);
    filled -= start;
    start = 0;
    while (!ended && filled < buffer.length) {
      int n =
          content.read(
              view.clear().limit(Math.min(filled + READ_BYTES, buffer.length)).position(filled));
      ended = n < 0;
      filled += Math.max(n, 0);
    }
  }

  /** Where the chunk begins in the content. */
  public long position() {
    return position;
  }

  /** How long it is. */
  public int length() {
    return length;
  }

  /** Whether it is {@link Chunk#ZEROS}. */
  public boolean zeros() {
    return zeros;
  }

  /** Holds the chunk's bytes, from {@link #offset} on. */
  public byte[] array() {
    return buffer;
  }

  /** Where the chunk's bytes begin in {@link #array}. */
  public int offset() {
    return start;
  }

  /** The chunk; this hashes it, unless it is zeros. */
  public Chunk chunk() {
    if (zeros) {
      return Chunk.ZEROS;
    }
    sha256.update(buffer, start, length);
    return new Chunk(ChunkHash.of(sha256.digest()), length);
  }
}
