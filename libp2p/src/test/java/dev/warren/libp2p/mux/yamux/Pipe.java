package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.transport.SecureChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** One end of a channel in memory that holds a bounded number of bytes in each direction. */
final class Pipe implements SecureChannel {
  private static final int PIECE_BYTES = 8 << 10;

  /** One direction. */
  private static final class Line {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final byte[] ring;
    private long written;
    private long read;
    private boolean ended;
    private boolean broken;

    Line(int capacity) {
      ring = new byte[capacity];
    }

    int read(byte[] to, int offset, int length) throws IOException {
      lock.lock();
      try {
        while (written == read && !ended && !broken) {
          changed.awaitUninterruptibly();
        }
        if (broken) {
          throw new IOException("the pipe is closed");
        }
        if (written == read) {
          return -1;
        }
        int at = (int) (read % ring.length);
        int n = (int) Math.min(Math.min(length, ring.length - at), written - read);
        System.arraycopy(ring, at, to, offset, n);
        read += n;
        changed.signalAll();
        return n;
      } finally {
        lock.unlock();
      }
    }

    int available() {
      lock.lock();
      try {
        return (int) (written - read);
      } finally {
        lock.unlock();
      }
    }

    void write(byte[] from, int offset, int length) throws IOException {
      lock.lock();
      try {
        for (int done = 0; done < length; ) {
          while (written - read == ring.length && !ended && !broken) {
            changed.awaitUninterruptibly();
          }
          if (ended || broken) {
            throw new IOException("the pipe is closed");
          }
          int at = (int) (written % ring.length);
          int room = Math.min(ring.length - at, (int) (ring.length - (written - read)));
          int n = Math.min(length - done, room);
          System.arraycopy(from, offset + done, ring, at, n);
          written += n;
          done += n;
          changed.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }

    void end(boolean breaking) {
      lock.lock();
      try {
        ended = true;
        broken |= breaking;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private final Line in;
  private final Line out;
  private Runnable beforeWriting = () -> {};

  private Pipe(Line in, Line out) {
    this.in = in;
    this.out = out;
  }

  static Pipe[] pair(int capacity) {
    Line one = new Line(capacity);
    Line other = new Line(capacity);
    return new Pipe[] {new Pipe(one, other), new Pipe(other, one)};
  }

  /** To be set before anything is written. */
  void beforeEachWrite(Runnable action) {
    beforeWriting = action;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    return in.read(buffer, offset, length);
  }

  @Override
  public ByteBuffer receive() throws IOException {
    byte[] block = new byte[PIECE_BYTES];
    return ByteBuffer.wrap(block, 0, Math.max(0, read(block, 0, block.length)));
  }

  @Override
  public int available() {
    return in.available();
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    beforeWriting.run();
    out.write(buffer, offset, length);
  }

  @Override
  public void closeWrite() {
    out.end(false);
  }

  @Override
  public void close() {
    out.end(false);
    in.end(true);
  }

  @Override
  public PeerId remotePeer() {
    throw new UnsupportedOperationException();
  }

  @Override
  public PublicKey remoteKey() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<String> earlyMuxer() {
    return Optional.empty();
  }
}
