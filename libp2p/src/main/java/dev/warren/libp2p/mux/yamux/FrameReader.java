package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.transport.Duplex;
import java.io.EOFException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes the incoming bytes apart. Owned by the reading thread, but for {@link #trim} and {@link
 * #bytesRead}.
 *
 * <p>The buffer is small until a read fills it to the brim, which says that more is waiting, and
 * grows to what lets the channel decrypt straight into it. A thread that waits inside {@code read}
 * cannot be made to wait in a smaller one; so a trimmed buffer shrinks after the next read, and
 * keepalive sees to it that there is one.
 */
final class FrameReader {
  private static final int IDLE_BYTES = 2 << 10;
  private static final int GROWTH_FACTOR = 8;
  private static final int MAX_BYTES = IDLE_BYTES * GROWTH_FACTOR * GROWTH_FACTOR;

  private final Duplex channel;
  private final int maxBytes;
  private final Runnable beforeWaiting;
  private byte[] buffer = new byte[IDLE_BYTES];
  private int start;
  private int end;
  private boolean filled;
  private volatile boolean trim;
  private final AtomicLong bytesRead = new AtomicLong(); // written by the reading thread alone

  /**
   * @param beforeWaiting run by the reading thread before it reads what may not have arrived yet
   */
  FrameReader(Duplex channel, Runnable beforeWaiting) {
    this.channel = channel;
    maxBytes = Math.min(MAX_BYTES, channel.maxReadBytes());
    this.beforeWaiting = beforeWaiting;
  }

  /** The next header; empty when the peer has ended the connection between two frames. */
  Optional<FrameHeader> header() throws IOException {
    while (end - start < FrameHeader.BYTES) {
      if (!fill()) {
        if (start < end) {
          throw new EOFException("the connection ended in the middle of a frame's header");
        }
        return Optional.empty();
      }
    }
    FrameHeader header = FrameHeader.decode(buffer, start);
    start += FrameHeader.BYTES;
    return Optional.of(header);
  }

  /** Waits for payload; the number of bytes, at most so many, that are at {@link #position}. */
  int available(long wanted) throws IOException {
    if (start == end && !fill()) {
      throw new EOFException("the connection ended in the middle of a frame's payload");
    }
    return (int) Math.min(wanted, end - start);
  }

  byte[] array() {
    return buffer;
  }

  int position() {
    return start;
  }

  /** Steps over payload that has been dealt with. */
  void skip(int bytes) {
    start += bytes;
  }

  /** Lets go of a large buffer after the next read. */
  void trim() {
    trim = true;
  }

  /** All bytes that have arrived so far. */
  long bytesRead() {
    return bytesRead.getAcquire();
  }

  /** Reads behind what is left, which is less than a header. */
  private boolean fill() throws IOException {
    int left = end - start;
    byte[] target = resized();
    System.arraycopy(buffer, start, target, 0, left);
    buffer = target;
    start = 0;
    end = left;
    if (channel.available() == 0) {
      beforeWaiting.run();
    }
    int n = channel.read(buffer, end, buffer.length - end);
    if (n < 0) {
      return false;
    }
    end += n;
    filled = end == buffer.length;
    bytesRead.setRelease(bytesRead.getPlain() + n);
    return true;
  }

  private byte[] resized() {
    if (trim) {
      trim = false;
      filled = false;
      return buffer.length == IDLE_BYTES ? buffer : new byte[IDLE_BYTES];
    }
    return filled && buffer.length < maxBytes
        ? new byte[Math.min(buffer.length * GROWTH_FACTOR, maxBytes)]
        : buffer;
  }
}
