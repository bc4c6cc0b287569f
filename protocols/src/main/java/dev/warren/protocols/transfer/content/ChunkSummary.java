package dev.warren.protocols.transfer.content;

/**
 * A Bloom filter of the chunks that a peer has, short enough to be handed on to others, who choose
 * by it whom to ask first. See docs/protocols/transfer.md, "Summaries".
 *
 * <p>Of a large share a filter of this length would say nothing, since all of its bits were set. So
 * it speaks only of a sample of the chunks, which the hashes themselves choose, small enough for
 * one mistake in a hundred.
 */
public final class ChunkSummary {
  /** The longest summary. */
  public static final int MAX_BYTES = 4096;

  private static final int BITS_PER_CHUNK = 10;
  private static final int PROBES = 4;

  /** The word of a hash that decides on the sample; those before it are the probes. */
  private static final int SAMPLING_WORD = 7;

  private static final int MAX_SAMPLING = 26;

  /** First how many bits of a hash decide on the sample, then the filter. */
  private final byte[] bytes;

  private ChunkSummary(byte[] bytes) {
    this.bytes = bytes;
  }

  /** An empty summary, made for about so many chunks. */
  public static Builder expecting(long chunks) {
    return new Builder(chunks);
  }

  /**
   * Reads a summary.
   *
   * @throws IllegalArgumentException if these bytes are none
   */
  public static ChunkSummary parse(byte[] bytes) {
    if (bytes.length < 2 || bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException("a summary of " + bytes.length + " bytes");
    }
    if (bytes[0] < 0 || bytes[0] > MAX_SAMPLING) {
      throw new IllegalArgumentException("a summary of one chunk in 2^" + bytes[0]);
    }
    return new ChunkSummary(bytes.clone());
  }

  /** Whether it says something of this chunk, which does not depend on who has it. */
  public boolean speaksOf(ChunkHash chunk) {
    return (chunk.word(SAMPLING_WORD) & ((1 << bytes[0]) - 1)) == 0;
  }

  /** Whether the peer may have this chunk: false only where it had not. */
  public boolean mayContain(ChunkHash chunk) {
    if (!speaksOf(chunk)) {
      return true;
    }
    for (int probe = 0; probe < PROBES; probe++) {
      int bit = bit(chunk, probe);
      if ((bytes[1 + bit / Byte.SIZE] & (1 << bit % Byte.SIZE)) == 0) {
        return false;
      }
    }
    return true;
  }

  /** As it is sent; at most {@value #MAX_BYTES} bytes. */
  public byte[] toBytes() {
    return bytes.clone();
  }

  private int bit(ChunkHash chunk, int probe) {
    long bits = (bytes.length - 1L) * Byte.SIZE;
    return (int) ((Integer.toUnsignedLong(chunk.word(probe)) * bits) >>> Integer.SIZE);
  }

  /** Takes the chunks of a summary. */
  public static final class Builder {
    private final ChunkSummary summary;

    private Builder(long chunks) {
      int sampling = 0;
      while (sampling < MAX_SAMPLING && filterBytes(chunks >> sampling) > MAX_BYTES - 1) {
        sampling++;
      }
      long length = Math.clamp(filterBytes(chunks >> sampling), 1, MAX_BYTES - 1);
      summary = new ChunkSummary(new byte[(int) (1 + length)]);
      summary.bytes[0] = (byte) sampling;
    }

    private static long filterBytes(long chunks) {
      return chunks * BITS_PER_CHUNK / Byte.SIZE + 1;
    }

    /** Adds a chunk. */
    public Builder add(ChunkHash chunk) {
      if (summary.speaksOf(chunk)) {
        for (int probe = 0; probe < PROBES; probe++) {
          int bit = summary.bit(chunk, probe);
          summary.bytes[1 + bit / Byte.SIZE] |= (byte) (1 << bit % Byte.SIZE);
        }
      }
      return this;
    }

    /** The summary of the chunks added so far. */
    public ChunkSummary build() {
      return parse(summary.bytes);
    }
  }
}
