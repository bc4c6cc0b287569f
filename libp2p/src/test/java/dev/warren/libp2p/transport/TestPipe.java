package dev.warren.libp2p.transport;

import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Two ends of a connection in memory; what one writes the other reads. */
public final class TestPipe {
  private static final int DEFAULT_CAPACITY_BYTES = 64 * 1024;

  private TestPipe() {}

  /** The two ends. */
  public record Ends(Duplex left, Duplex right) {}

  public static Ends open() {
    return open(DEFAULT_CAPACITY_BYTES);
  }

  /** A pipe whose writers block while so many bytes wait to be read. */
  public static Ends open(int capacityBytes) {
    Lane there = new Lane(capacityBytes);
    Lane back = new Lane(capacityBytes);
    return new Ends(new End(back, there), new End(there, back));
  }

  private record End(Lane incoming, Lane outgoing) implements Duplex {
    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return incoming.read(buffer, offset, length);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      outgoing.write(buffer, offset, length);
    }

    @Override
    public void closeWrite() {
      outgoing.finish();
    }

    @Override
    public void close() {
      outgoing.finish();
      incoming.abandon();
    }
  }

  /** One direction: a ring of bytes. */
  private static final class Lane {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] ring;
    private int head; // of what is to be read
    private int size;
    private boolean finished; // nothing more will be written
    private boolean abandoned; // nothing more will be read

    Lane(int capacityBytes) {
      ring = new byte[capacityBytes];
    }

    int read(byte[] buffer, int offset, int length) throws IOException {
      lock.lock();
      try {
        while (size == 0 && !finished && !abandoned) {
          changed.awaitUninterruptibly();
        }
        if (abandoned) {
          throw new ConnectionClosedException("this end is closed");
        }
        if (size == 0) {
          return -1;
        }
        int n = Math.min(Math.min(length, size), ring.length - head);
        System.arraycopy(ring, head, buffer, offset, n);
        head = (head + n) % ring.length;
        size -= n;
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
          while (size == ring.length && !finished && !abandoned) {
            changed.awaitUninterruptibly();
          }
          if (finished || abandoned) {
            throw new ConnectionClosedException("the pipe is closed");
          }
          int tail = (head + size) % ring.length;
          int room = Math.min(ring.length - size, ring.length - tail);
          int n = Math.min(length - done, room);
          System.arraycopy(buffer, offset + done, ring, tail, n);
          size += n;
          done += n;
          changed.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }

    void finish() {
      lock.lock();
      try {
        finished = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    void abandon() {
      lock.lock();
      try {
        abandoned = true;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
