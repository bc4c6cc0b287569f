package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.transport.SecureChannel;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Puts frames on the channel, straight from the threads that have something to send, under one
 * lock.
 *
 * <pre>{@code
 * writer.lock();
 * try {
 *   writer.frame(...);
 * } finally {
 *   writer.unlock();
 * }
 * }</pre>
 *
 * <p>Small frames collect in a buffer. {@link #unlock} sends it off unless another thread is queued
 * for the lock, which then comes to the same decision after adding its own frame. <b>No frame stays
 * behind:</b> whoever unlocks with bytes in the buffer has seen a queued thread while it held the
 * lock. All waiting is by {@code lock()}, which cannot time out or be interrupted, so that thread
 * does get the lock, and leaves through {@link #unlock} too. It may find that others came between,
 * which leave by the same rule. The last of them sees nobody queued and sends. Nor can they hand on
 * for ever, since a full buffer is sent off by whoever fills it.
 */
final class FrameWriter {
  /** The plaintext of the largest noise record; a frame and its header should fill one exactly. */
  private static final int RECORD_BYTES = 65_519;

  /** Payloads from here on go out without being copied, and take along what is in the buffer. */
  private static final int LARGE_PAYLOAD_BYTES = 4 << 10;

  private static final int MAX_BUFFER_BYTES = 16 << 10;
  private static final byte[] NOTHING = {};

  private final SecureChannel channel;
  private final UnaryOperator<IOException> onFailure;
  private final ReentrantLock lock;

  private byte[] buffer = NOTHING; // guarded by lock
  private int used; // guarded by lock
  private long frames; // guarded by lock
  private final AtomicLong writes = new AtomicLong(); // written with the lock held

  /**
   * @param onFailure told when the channel fails, with the lock held; what it returns is thrown
   */
  FrameWriter(SecureChannel channel, ReentrantLock lock, UnaryOperator<IOException> onFailure) {
    this.channel = channel;
    this.lock = lock;
    this.onFailure = onFailure;
  }

  void lock() {
    lock.lock();
  }

  /** Takes the lock when it is free. */
  boolean tryLock() {
    return lock.tryLock();
  }

  void unlock() throws IOException {
    try {
      if (!lock.hasQueuedThreads()) {
        flush();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Adds a frame without payload. */
  void frame(FrameType type, int flags, int streamId, long length) throws IOException {
    makeRoom(FrameHeader.BYTES);
    FrameHeader.encode(buffer, used, type, flags, streamId, length);
    used += FrameHeader.BYTES;
    if (type != FrameType.PING) {
      frames++;
    }
  }

  /** Adds frames that are encoded already. */
  void encoded(byte[] headers, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int n = Math.min(length - done, MAX_BUFFER_BYTES);
      makeRoom(n);
      System.arraycopy(headers, done, buffer, used, n);
      used += n;
      done += n;
    }
  }

  /**
   * How much of so many bytes the next {@link #data} is to take: what fills a record, and a rest
   * that is not worth a frame and a system call of its own, as what a circuit carries leaves.
   */
  int payloadBytes(int length) {
    int fits = RECORD_BYTES - used - FrameHeader.BYTES;
    return length - fits < LARGE_PAYLOAD_BYTES ? length : fits;
  }

  /** Adds a data frame. */
  void data(int flags, int streamId, byte[] payload, int offset, int length) throws IOException {
    boolean large = length >= LARGE_PAYLOAD_BYTES;
    makeRoom(large ? FrameHeader.BYTES : FrameHeader.BYTES + length);
    FrameHeader.encode(buffer, used, FrameType.DATA, flags, streamId, length);
    used += FrameHeader.BYTES;
    frames++;
    if (!large) {
      System.arraycopy(payload, offset, buffer, used, length);
      used += length;
      return;
    }
    send(payload, offset, length);
  }

  /** How often the channel has taken something so far; for any thread. */
  long writes() {
    return writes.getAcquire();
  }

  /** The number of frames so far that concern streams; the lock must be held. */
  long frames() {
    return frames;
  }

  /** Lets go of the buffer; the lock must be held. */
  void trim() {
    if (used == 0) {
      buffer = NOTHING;
    }
  }

  private void makeRoom(int bytes) throws IOException {
    if (used + bytes > MAX_BUFFER_BYTES) {
      flush();
    }
    if (used + bytes > buffer.length) {
      int larger = Math.max(used + bytes, Math.min(2 * buffer.length, MAX_BUFFER_BYTES));
      buffer = Arrays.copyOf(buffer, larger);
    }
  }

  /** Sends what is in the buffer; the lock must be held. */
  void flush() throws IOException {
    if (used > 0) {
      send(NOTHING, 0, 0);
    }
  }

  /**
   * Sends what is in the buffer and then the payload.
   *
   * <p>A thread that is interrupted already leaves it at that until it is done here: an interrupted
   * write closes a channel ({@link java.nio.channels.InterruptibleChannel}), and with it the
   * streams of everybody else.
   */
  private void send(byte[] payload, int offset, int length) throws IOException {
    int head = used;
    used = 0;
    boolean interrupted = Thread.interrupted();
    try {
      if (length == 0) {
        channel.write(buffer, 0, head);
      } else {
        channel.write(buffer, head, payload, offset, length);
      }
      writes.setRelease(writes.getPlain() + 1);
    } catch (IOException e) {
      throw onFailure.apply(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
