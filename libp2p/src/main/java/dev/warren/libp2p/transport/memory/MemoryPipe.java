package dev.warren.libp2p.transport.memory;

import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.Duplex;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Two connected ends with a bounded buffer in each direction, which behave as a TCP connection
 * does: a full buffer blocks the writer, a closed end fails the other's writes.
 */
public final class MemoryPipe {

  /** Enough for a few full records, little enough that tests meet a full buffer. */
  public static final int DEFAULT_CAPACITY_BYTES = 256 * 1024;

  private final Duplex left;
  private final Duplex right;

  public MemoryPipe() {
    this(DEFAULT_CAPACITY_BYTES);
  }

  public MemoryPipe(int capacityBytes) {
    var toRight = new Direction(capacityBytes);
    var toLeft = new Direction(capacityBytes);
    left = new End(toLeft, toRight);
    right = new End(toRight, toLeft);
  }

  public Duplex left() {
    return left;
  }

  public Duplex right() {
    return right;
  }

  private record End(Direction in, Direction out) implements Duplex {
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return in.read(buffer, offset, length);
    }

    @Override
    public int available() {
      return in.available();
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      out.write(buffer, offset, length);
    }

    @Override
    public void closeWrite() {
      out.end();
    }

    @Override
    public void close() {
      out.end();
      in.abandon();
    }
  }

  /** One direction: a ring of bytes with a writer and a reader. */
  private static final class Direction {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    // All guarded by lock.
    private final byte[] ring;
    private int start;
    private int count;
    private boolean ended;
    private boolean abandoned;

    Direction(int capacityBytes) {
      ring = new byte[capacityBytes];
    }

    int available() {
      lock.lock();
      try {
        return count;
      } finally {
        lock.unlock();
      }
    }

    int read(byte[] buffer, int offset, int length) throws IOException {
      lock.lock();
      try {
        while (count == 0) {
          if (abandoned) {
            throw new ConnectionClosedException("this end is closed");
          }
          if (ended) {
            return -1;
          }
          changed.awaitUninterruptibly();
        }
        int n = Math.min(count, Math.min(length, ring.length - start));
        System.arraycopy(ring, start, buffer, offset, n);
        start = (start + n) % ring.length;
        count -= n;
        changed.signalAll();
        return n;
      } finally {
        lock.unlock();
      }
    }

    void write(byte[] buffer, int offset, int length) throws IOException {
      lock.lock();
      try {
        int done = 0;
        while (done < length) {
          while (count == ring.length && !abandoned && !ended) {
            changed.awaitUninterruptibly();
          }
          if (abandoned || ended) {
            throw new ConnectionClosedException(
                abandoned ? "the peer has closed the connection" : "this end is closed");
          }
          int end = (start + count) % ring.length;
          int n = Math.min(length - done, Math.min(ring.length - count, ring.length - end));
          System.arraycopy(buffer, offset + done, ring, end, n);
          count += n;
          done += n;
          changed.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }

    /** The writer is done; what is buffered can still be read. */
    void end() {
      lock.lock();
      try {
        ended = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    /** The reader has gone; nothing can be delivered any more. */
    void abandon() {
      lock.lock();
      try {
        abandoned = true;
        count = 0;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
