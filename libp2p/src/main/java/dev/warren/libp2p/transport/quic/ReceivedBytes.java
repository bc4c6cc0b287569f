package dev.warren.libp2p.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;

/**
 * What a stream has fetched for its reader, in little more memory than that takes: the codec hands
 * over each read in a buffer for much more, and a peer may send a byte at a time. For one thread at
 * a time.
 */
final class ReceivedBytes {
  /** No buffer is smaller. */
  private static final int MIN_BUFFER_BYTES = 1 << 10;

  private final ArrayDeque<ByteBuf> buffers = new ArrayDeque<>();
  private int size;

  int size() {
    return size;
  }

  /** Takes the buffer over. */
  void add(ByteBuf bytes) {
    int length = bytes.readableBytes();
    size += length;
    ByteBuf last = buffers.peekLast();
    boolean small = length <= bytes.capacity() / 2;
    if (!small) {
      buffers.add(bytes);
      return;
    }
    try {
      if (last == null || last.writableBytes() < length) {
        last = bytes.alloc().directBuffer(Math.max(length, MIN_BUFFER_BYTES));
        buffers.add(last);
      }
      last.writeBytes(bytes);
    } finally {
      bytes.release();
    }
  }

  /** Moves as much as there is, up to the length; returns how much. */
  int take(byte[] target, int offset, int length) {
    int done = 0;
    while (done < length && !buffers.isEmpty()) {
      ByteBuf first = buffers.getFirst();
      int n = Math.min(length - done, first.readableBytes());
      first.readBytes(target, offset + done, n);
      done += n;
      if (!first.isReadable()) {
        buffers.removeFirst().release();
      }
    }
    size -= done;
    return done;
  }

  /** Keeps what is there where it is collected with this, whether or not it is ever taken. */
  void moveToHeap() {
    byte[] all = new byte[size];
    int length = take(all, 0, size);
    if (length > 0) {
      buffers.add(Unpooled.wrappedBuffer(all));
      size = length;
    }
  }

  /** Drops all of it. */
  void clear() {
    buffers.forEach(ByteBuf::release);
    buffers.clear();
    size = 0;
  }
}
