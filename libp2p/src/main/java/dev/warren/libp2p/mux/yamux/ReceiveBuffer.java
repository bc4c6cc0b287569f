package dev.warren.libp2p.mux.yamux;

import static dev.warren.libp2p.mux.yamux.SpareBlocks.BLOCK_BYTES;

import org.jspecify.annotations.Nullable;

/**
 * Bytes received and not yet read: a queue of arrays, none while there is nothing. Guarded by the
 * stream's lock; the receive window bounds it.
 *
 * <p>The first array is as large as what it is made for, since most often it is read before more
 * arrives. Later ones are at least as large as all before them together, up to a block, so that a
 * peer that sends single bytes cannot make us keep many times of what it sends. What fills most of
 * a block gets one, which is used again when it has been read ({@link SpareBlocks}).
 */
final class ReceiveBuffer {
  private static final int MIN_SPARE_BYTES = 256;

  private static final class Chunk {
    final byte[] bytes;
    int start;
    int end;
    @Nullable Chunk next;

    Chunk(byte[] bytes) {
      this.bytes = bytes;
    }
  }

  private final SpareBlocks spares;
  private @Nullable Chunk head;
  private @Nullable Chunk tail;
  private int size;

  ReceiveBuffer(SpareBlocks spares) {
    this.spares = spares;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  /** The bytes of memory in use, for tests. */
  int capacity() {
    int sum = 0;
    for (Chunk chunk = head; chunk != null; chunk = chunk.next) {
      sum += chunk.bytes.length;
    }
    return sum;
  }

  void append(byte[] from, int offset, int length) {
    int fits = tail == null ? 0 : Math.min(length, tail.bytes.length - tail.end);
    if (fits > 0) {
      put(tail, from, offset, fits);
    }
    int left = length - fits;
    if (left > 0) {
      int spare = size == 0 ? 0 : Math.min(BLOCK_BYTES, Math.max(MIN_SPARE_BYTES, size));
      boolean mostOfABlock = left > BLOCK_BYTES / 2 && left <= BLOCK_BYTES;
      Chunk chunk = new Chunk(spares.take(mostOfABlock ? BLOCK_BYTES : Math.max(left, spare)));
      if (tail == null) {
        head = chunk;
      } else {
        tail.next = chunk;
      }
      tail = chunk;
      put(chunk, from, offset + fits, left);
    }
  }

  int read(byte[] to, int offset, int length) {
    int done = 0;
    while (done < length && head != null) {
      int n = Math.min(length - done, head.end - head.start);
      System.arraycopy(head.bytes, head.start, to, offset + done, n);
      head.start += n;
      done += n;
      if (head.start == head.end) {
        spares.giveBack(head.bytes);
        head = head.next;
      }
    }
    if (head == null) {
      tail = null;
    }
    size -= done;
    return done;
  }

  void clear() {
    head = null;
    tail = null;
    size = 0;
  }

  private void put(Chunk chunk, byte[] from, int offset, int length) {
    System.arraycopy(from, offset, chunk.bytes, chunk.end, length);
    chunk.end += length;
    size += length;
  }
}
