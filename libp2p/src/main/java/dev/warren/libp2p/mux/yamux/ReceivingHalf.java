package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.transport.MemoryBudget;
import dev.warren.libp2p.transport.TimeSource;
import dev.warren.libp2p.transport.TimedCondition;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The half of a stream that receives: what has arrived, how much more may, and how it ends.
 *
 * <p><b>Lock.</b> It is the stream's own, shared with the sending half. Every method takes it, and
 * the stream holds it where both halves must change in one step. Two threads meet here: the
 * connection's reading thread leaves bytes and never waits, and one reader takes them. The reader
 * gives the lock up only in {@link #receive}, where it waits.
 *
 * <p><b>Bytes that are waited for are copied once.</b> A reader that waits leaves its array in
 * {@link #sink}, and the reading thread fills that before the buffer. The sink is set only while
 * the buffer is empty, and is full before the buffer gets anything; so sink, then buffer, is the
 * order of arrival. No wake-up is lost: whoever waits has its sink set, each deposit into it is
 * followed by a signal ({@link DeferredWake} says when), and so is each change of what ends a wait.
 *
 * <p><b>Accounts.</b> What is in the buffer is reserved in {@code buffers}, and what the window
 * grew by in {@code growth}. Both are given back where that ends, once: by reading, by dropping, or
 * by the loss of the connection, after which the bytes can still be read but count no more.
 */
final class ReceivingHalf {

  /** What became of payload. */
  enum Deposit {
    TAKEN,
    /** The peer had said that there would be none. */
    AFTER_FIN,
    /** What waits for readers is as much as this connection or the host allows. */
    NO_ROOM
  }

  private final ReentrantLock lock;
  private final TimeSource time;
  private final MemoryBudget growth;
  private final MemoryBudget buffers;
  private final TimedCondition readable; // guarded by lock, as is all that follows
  private final ReceiveWindow window;
  private final ReceiveBuffer buffer;

  private @Nullable Ending ending;
  private boolean finished; // by the peer's FIN
  private boolean lost; // with the connection

  private byte @Nullable [] sink;
  private int sinkOffset;
  private int sinkLength;
  private int sinkFilled;

  ReceivingHalf(
      ReentrantLock lock,
      TimeSource time,
      MemoryBudget growth,
      MemoryBudget buffers,
      SpareBlocks spares) {
    this.lock = lock;
    this.time = time;
    this.growth = growth;
    this.buffers = buffers;
    readable = new TimedCondition(lock, time);
    window = new ReceiveWindow(time.nanoTime());
    buffer = new ReceiveBuffer(spares);
  }

  // ---- the reader

  int read(byte[] target, int offset, int length) throws IOException {
    lock.lock();
    try {
      int n = buffer.isEmpty() ? receive(target, offset, length) : take(target, offset, length);
      if (n > 0) {
        window.consume(n);
      }
      releaseIfDrained();
      return n;
    } finally {
      lock.unlock();
    }
  }

  private int take(byte[] target, int offset, int length) {
    int n = buffer.read(target, offset, length);
    if (!lost) {
      buffers.release(n);
    }
    return n;
  }

  /** Waits until bytes, the end or a failure arrive. */
  private int receive(byte[] target, int offset, int length) throws IOException {
    long deadline = readable.deadline();
    sink = target;
    sinkOffset = offset;
    sinkLength = length;
    sinkFilled = 0;
    try {
      while (sinkFilled == 0) {
        if (ending != null) {
          throw ending.exception();
        }
        if (finished) {
          return -1;
        }
        if (!readable.await(deadline)) {
          throw new SocketTimeoutException("nothing arrived in time");
        }
      }
      return sinkFilled;
    } finally {
      sink = null;
    }
  }

  /** Waits until a read would not. */
  void awaitReadable() throws IOException {
    lock.lock();
    try {
      long deadline = readable.deadline();
      while (wouldWait()) {
        if (!readable.await(deadline)) {
          throw new SocketTimeoutException("nothing arrived in time");
        }
      }
    } finally {
      lock.unlock();
    }
  }

  int available() {
    lock.lock();
    try {
      return buffer.size();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a read would have to wait for the peer. */
  boolean wouldWait() {
    lock.lock();
    try {
      return buffer.isEmpty() && isOpen();
    } finally {
      lock.unlock();
    }
  }

  void setTimeout(Duration timeout) {
    lock.lock();
    try {
      readable.setTimeout(timeout);
    } finally {
      lock.unlock();
    }
  }

  // ---- credit

  /** Whether the reader has taken so much that the peer should be allowed more. */
  boolean isCreditDue() {
    lock.lock();
    try {
      return isOpen() && window.isUpdateDue();
    } finally {
      lock.unlock();
    }
  }

  /** The credit to be given now, 0 for none; -1 when there is nothing to tell the peer any more. */
  int takeCredit(long roundTripNanos, int maxWindowBytes) {
    lock.lock();
    try {
      if (ending != null) {
        return -1;
      }
      return finished
          ? 0
          : window.takeUpdate(time.nanoTime(), roundTripNanos, maxWindowBytes, growth);
    } finally {
      lock.unlock();
    }
  }

  // ---- the reading thread

  /** Checks a payload against the window before any of it is taken. */
  void expect(long bytes) throws YamuxViolationException {
    lock.lock();
    try {
      window.receive(bytes);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes payload that has passed {@link #expect}. A reader that waits is woken when its array is
   * full; otherwise {@link #wakeReader} is still to be called.
   */
  Deposit deposit(byte[] from, int offset, int length) {
    lock.lock();
    try {
      if (finished) {
        return Deposit.AFTER_FIN;
      }
      if (ending != null) {
        return Deposit.TAKEN;
      }
      int direct = 0;
      if (sink != null && buffer.isEmpty()) {
        direct = Math.min(length, sinkLength - sinkFilled);
        System.arraycopy(from, offset, sink, sinkOffset + sinkFilled, direct);
        sinkFilled += direct;
      }
      int left = length - direct;
      if (left > 0) {
        if (!buffers.reserve(left)) {
          return Deposit.NO_ROOM;
        }
        buffer.append(from, offset + direct, left);
      }
      if (sink != null && sinkFilled == sinkLength) {
        readable.signal();
      }
      return Deposit.TAKEN;
    } finally {
      lock.unlock();
    }
  }

  /** Has a waiting reader look at what it has got by {@link #deposit}. */
  void wakeReader() {
    lock.lock();
    try {
      readable.signal();
    } finally {
      lock.unlock();
    }
  }

  // ---- the end

  /** The peer sends nothing more. */
  void finish() {
    lock.lock();
    try {
      finished = true;
      wakeForTheEnd();
      releaseIfDrained();
    } finally {
      lock.unlock();
    }
  }

  boolean isFinished() {
    lock.lock();
    try {
      return finished;
    } finally {
      lock.unlock();
    }
  }

  /** This end wants nothing more. */
  void close() {
    lock.lock();
    try {
      if (ending == null) {
        ending = Ending.Closed.INSTANCE;
      }
      drop();
      wakeForTheEnd();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return ending instanceof Ending.Closed;
    } finally {
      lock.unlock();
    }
  }

  /** This end has given the stream up; one that was closed before counts as given up from now. */
  void giveUp(Ending reason) {
    lock.lock();
    try {
      if (ending == null || ending instanceof Ending.Closed) {
        ending = reason;
      }
      drop();
      wakeForTheEnd();
    } finally {
      lock.unlock();
    }
  }

  /**
   * The peer has reset the stream, or the connection has ended. What was complete before can still
   * be read, and so can all that came before the connection ended.
   */
  void fail(Ending reason) {
    lock.lock();
    try {
      if (isOpen()) {
        ending = reason;
        if (reason instanceof Ending.Reset) {
          drop();
        }
      }
      if (reason instanceof Ending.Lost && !lost) {
        buffers.release(buffer.size());
        lost = true;
      }
      wakeForTheEnd();
      window.release(growth);
    } finally {
      lock.unlock();
    }
  }

  private boolean isOpen() {
    return !finished && ending == null;
  }

  private void wakeForTheEnd() {
    readable.signal();
    readable.cancel();
  }

  private void drop() {
    if (!lost) {
      buffers.release(buffer.size());
    }
    buffer.clear();
    releaseIfDrained();
  }

  /** A window through which nothing more will come counts for as long as its bytes wait. */
  private void releaseIfDrained() {
    boolean over = finished || ending instanceof Ending.Reset;
    if (over && buffer.isEmpty()) {
      window.release(growth);
    }
  }
}
