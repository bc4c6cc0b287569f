package dev.warren.protocols.transfer.content;

/**
 * A piece of content.
 *
 * @param hash what it is named by
 * @param length its bytes, 1 to {@value #MAX_BYTES}
 */
public record Chunk(ChunkHash hash, int length) {
  /** The longest chunk. */
  public static final int MAX_BYTES = 1 << 20;

  /** The longest chunk of zeros: a hole, or as good as one. */
  public static final Chunk ZEROS =
      new Chunk(ChunkHash.of(Sha256.digest().digest(new byte[MAX_BYTES])), MAX_BYTES);

  /**
   * A chunk.
   *
   * @throws IllegalArgumentException if it is empty or too long
   */
  public Chunk {
    if (length < 1 || length > MAX_BYTES) {
      throw new IllegalArgumentException("a chunk of " + length + " bytes");
    }
  }
}
