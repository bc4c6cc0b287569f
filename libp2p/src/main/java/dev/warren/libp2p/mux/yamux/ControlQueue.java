package dev.warren.libp2p.mux.yamux;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Frames that the reading thread owes the peer: answers to pings, resets of refused streams.
 *
 * <p>The reading thread must never wait for the channel to take bytes: if it did on both ends, each
 * would wait for the other to read. So a virtual thread takes them over, which lives only as long
 * as there are any. A peer that asks and asks without reading what it is told fills the queue, and
 * that ends the connection.
 */
final class ControlQueue {
  /** More than a peer that obeys the limit of 256 unacknowledged streams can provoke at once. */
  static final int MAX_FRAMES = 1024;

  private static final byte[] NOTHING = {};

  private final FrameWriter writer;
  private final ReentrantLock lock = new ReentrantLock();
  private byte[] pending = NOTHING; // guarded by lock
  private int used; // guarded by lock
  private boolean draining; // guarded by lock
  private boolean overflowed; // owned by the reading thread

  ControlQueue(FrameWriter writer) {
    this.writer = writer;
  }

  /** Owes the peer one more frame. Called on the reading thread alone. */
  void add(FrameType type, int flags, int streamId, long length) {
    boolean start;
    lock.lock();
    try {
      if (used == MAX_FRAMES * FrameHeader.BYTES) {
        overflowed = true;
        return;
      }
      if (used == pending.length) {
        pending = Arrays.copyOf(pending, Math.max(4 * FrameHeader.BYTES, 2 * used));
      }
      FrameHeader.encode(pending, used, type, flags, streamId, length);
      used += FrameHeader.BYTES;
      start = !draining;
      draining = true;
    } finally {
      lock.unlock();
    }
    if (start) {
      Thread.ofVirtual().name("yamux-control").start(this::drain);
    }
  }

  /** Ends the connection when the peer has been owed too much at once. */
  void check() throws YamuxViolationException {
    if (overflowed) {
      throw Violation.FLOOD.exception();
    }
  }

  private void drain() {
    while (true) {
      byte[] frames;
      int length;
      lock.lock();
      try {
        if (used == 0) {
          draining = false;
          return;
        }
        frames = pending;
        length = used;
        pending = NOTHING;
        used = 0;
      } finally {
        lock.unlock();
      }
      try {
        send(frames, length);
      } catch (IOException e) {
        // The connection has ended, and the writer has said so: nobody is owed anything.
        return;
      }
    }
  }

  private void send(byte[] frames, int length) throws IOException {
    writer.lock();
    try {
      writer.encoded(frames, length);
    } finally {
      writer.unlock();
    }
  }
}
