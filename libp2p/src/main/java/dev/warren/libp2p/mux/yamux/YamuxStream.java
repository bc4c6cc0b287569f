package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.transport.MuxedStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One stream: its state, its two windows and what has been received.
 *
 * <p>The lock is held for moments only, never while anything is written to the channel, since the
 * reading thread takes it too. What is to be written is decided a second time, under the
 * connection's write lock, by the methods that {@link YamuxConnection} calls; so what goes out
 * always fits the state, and nothing follows a FIN or an RST.
 *
 * <p>A reader that waits leaves its array in {@link #sink}, and the reading thread fills that
 * before the buffer: bytes that are waited for are copied once.
 */
final class YamuxStream implements MuxedStream {

  /** The flag that the next frame of the stream has to carry. */
  enum Introduction {
    SYN,
    ACK,
    NONE
  }

  private final YamuxConnection connection;
  private final boolean inbound;
  private final ReentrantLock lock = new ReentrantLock();
  private final TimedCondition readable; // guarded by lock
  private final TimedCondition writable; // guarded by lock
  private final SendWindow sendWindow = new SendWindow(); // guarded by lock
  private final ReceiveWindow receiveWindow; // guarded by lock
  private final ReceiveBuffer buffer = new ReceiveBuffer(); // guarded by lock

  private @Nullable Ending readEnding; // guarded by lock
  private @Nullable Ending writeEnding; // guarded by lock
  private boolean peerFinished; // guarded by lock
  private boolean lost; // guarded by lock; what waits to be read counts no more
  private boolean lingering; // guarded by lock
  private long lingerUntilNanos; // guarded by lock

  private byte @Nullable [] sink; // guarded by lock; so are the next three
  private int sinkOffset;
  private int sinkLength;
  private int sinkFilled;

  private volatile Introduction introduction; // written under the connection's write lock
  private volatile int id; // written once, under the connection's write lock

  boolean listed; // guarded by the stream table's lock
  boolean unacknowledged; // guarded by the stream table's lock
  int waiting; // threads that wait for it to begin; guarded by the stream table's lock
  boolean removed; // guarded by the stream table's lock

  private YamuxStream(YamuxConnection connection, int id, Introduction introduction) {
    this.connection = connection;
    this.inbound = introduction == Introduction.ACK;
    this.id = id;
    this.introduction = introduction;
    this.readable = new TimedCondition(lock, connection.time());
    this.writable = new TimedCondition(lock, connection.time());
    this.receiveWindow = new ReceiveWindow(connection.time().nanoTime());
  }

  /** A stream of ours; it gets an id when it first sends something. */
  static YamuxStream outbound(YamuxConnection connection) {
    return new YamuxStream(connection, 0, Introduction.SYN);
  }

  /** A stream that the peer opens. */
  static YamuxStream inbound(YamuxConnection connection, int id) {
    return new YamuxStream(connection, id, Introduction.ACK);
  }

  // ---- the user's threads

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    announce();
    int n;
    boolean creditDue;
    lock.lock();
    try {
      n = buffer.isEmpty() ? receive(target, offset, length) : take(target, offset, length);
      creditDue = n > 0 && receiveWindow.consume(n) && !peerFinished && readEnding == null;
      releaseIfDrained();
    } finally {
      lock.unlock();
    }
    if (creditDue) {
      connection.sendCreditQuietly(this);
    }
    return n;
  }

  private int take(byte[] target, int offset, int length) {
    int n = buffer.read(target, offset, length);
    if (!lost) {
      connection.buffers().release(n);
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
        if (readEnding != null) {
          throw readEnding.exception();
        }
        if (peerFinished) {
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

  /** Before waiting for the peer it has to hear of the stream, or that we have taken it. */
  private void announce() throws IOException {
    if (introduction == Introduction.NONE) {
      return;
    }
    boolean wait;
    lock.lock();
    try {
      wait = buffer.isEmpty() && readEnding == null && !peerFinished;
    } finally {
      lock.unlock();
    }
    if (wait) {
      connection.sendCredit(this);
    }
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
    for (int done = 0; done < length; ) {
      int sent = connection.sendData(this, source, offset + done, length - done);
      if (sent == 0) {
        awaitCredit();
      }
      done += sent;
    }
  }

  private void awaitCredit() throws IOException {
    lock.lock();
    try {
      long deadline = writable.deadline();
      while (sendWindow.isEmpty() && writeEnding == null) {
        if (!writable.await(deadline)) {
          throw new SocketTimeoutException("the peer made no room in time");
        }
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void closeWrite() throws IOException {
    lock.lock();
    try {
      if (writeEnding instanceof Ending.Closed) {
        return;
      }
      if (writeEnding != null) {
        throw writeEnding.exception();
      }
      writeEnding = Ending.Closed.INSTANCE;
      writable.signal();
      writable.cancel();
    } finally {
      lock.unlock();
    }
    connection.offReader(
        () -> {
          connection.sendFin(this);
          settle();
        });
  }

  @Override
  public void closeRead() {
    lock.lock();
    try {
      if (readEnding == null) {
        readEnding = Ending.Closed.INSTANCE;
      }
      dropReceived();
      readable.signal();
      readable.cancel();
    } finally {
      lock.unlock();
    }
    settle();
  }

  @Override
  public void close() {
    if (introduction == Introduction.SYN && connection.forgetUnlisted(this)) {
      endBoth(Ending.Closed.INSTANCE); // the peer has never heard of it
      return;
    }
    closeRead();
    try {
      closeWrite();
    } catch (IOException e) {
      // It has ended in another way: there is nothing left to close.
    }
  }

  @Override
  public void reset(long code) {
    long sent = Math.clamp(code, 0, FrameHeader.MAX_LENGTH);
    if (endBoth(new Ending.Reset(sent, false))) {
      connection.forget(this);
      connection.sendResetQuietly(this, sent);
    }
  }

  /** Ends both halves, as far as they go on; false when the stream was finished already. */
  private boolean endBoth(Ending ending) {
    lock.lock();
    try {
      if (writeEnding instanceof Ending.Reset
          || writeEnding instanceof Ending.Lost
          || (writeEnding != null && peerFinished)) {
        readEnding = readEnding == null ? ending : readEnding;
        dropReceived();
        readable.signal();
        return false;
      }
      writeEnding = ending;
      readEnding = ending;
      dropReceived();
      readable.signal();
      writable.signal();
      stopTimers();
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void setReadTimeout(Duration timeout) {
    lock.lock();
    try {
      readable.setTimeout(timeout);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void setWriteTimeout(Duration timeout) {
    lock.lock();
    try {
      writable.setTimeout(timeout);
    } finally {
      lock.unlock();
    }
  }

  // ---- the connection, with its write lock held

  Introduction introduction() {
    return introduction;
  }

  void assign(int newId) {
    id = newId;
  }

  /** The peer learns of the stream, or of its acceptance, by the frame that is being written. */
  void introduced() {
    introduction = Introduction.NONE;
  }

  /** The bytes of data that may be sent now, taken off the window. */
  int claim(int wanted) throws IOException {
    lock.lock();
    try {
      if (writeEnding != null) {
        throw writeEnding.exception();
      }
      return sendWindow.take(wanted);
    } finally {
      lock.unlock();
    }
  }

  /** The credit to be sent now, 0 for none; -1 when the stream has nothing to tell any more. */
  int claimCredit(long roundTripNanos, int maxWindowBytes, MemoryBudget growth) {
    lock.lock();
    try {
      if (readEnding != null) {
        return -1;
      }
      return peerFinished
          ? 0
          : receiveWindow.takeUpdate(
              connection.time().nanoTime(), roundTripNanos, maxWindowBytes, growth);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a FIN is still in place; a reset may have overtaken it. */
  boolean isFinDue() {
    lock.lock();
    try {
      return writeEnding instanceof Ending.Closed;
    } finally {
      lock.unlock();
    }
  }

  // ---- the reading thread

  int id() {
    return id;
  }

  boolean inbound() {
    return inbound;
  }

  /** Checks a payload against the window before any of it is taken. */
  void expect(long bytes) throws YamuxViolationException {
    lock.lock();
    try {
      receiveWindow.receive(bytes);
    } finally {
      lock.unlock();
    }
  }

  /** What became of payload. */
  enum Deposit {
    TAKEN,
    /** The peer had said that there would be none. */
    AFTER_FIN,
    /** What waits for readers is as much as this connection or the host allows. */
    NO_ROOM
  }

  /**
   * Takes payload that has passed {@link #expect}. A reader that waits is woken when its array is
   * full; otherwise {@link #wakeReader} is still to be called.
   */
  Deposit deposit(byte[] from, int offset, int length) {
    lock.lock();
    try {
      if (peerFinished) {
        return Deposit.AFTER_FIN;
      }
      if (readEnding != null) {
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
        if (!connection.buffers().reserve(left)) {
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

  void addCredit(long bytes) throws YamuxViolationException {
    lock.lock();
    try {
      sendWindow.add(bytes);
      writable.signal();
    } finally {
      lock.unlock();
    }
  }

  void onFin() {
    lock.lock();
    try {
      peerFinished = true;
      readable.signal();
      readable.cancel();
      releaseIfDrained();
      settle(); // before anybody can see the end: whoever does finds the stream off the count
    } finally {
      lock.unlock();
    }
  }

  void onReset(long code) {
    end(new Ending.Reset(code, true));
  }

  // ---- the connection and its timers

  /** The connection has ended. What was received can still be read. */
  void onConnectionEnd(IOException cause) {
    end(new Ending.Lost(cause));
  }

  private void end(Ending ending) {
    lock.lock();
    try {
      if (!peerFinished && readEnding == null) {
        readEnding = ending;
        if (ending instanceof Ending.Reset) {
          dropReceived();
        }
      }
      if (ending instanceof Ending.Lost && !lost) {
        connection.buffers().release(buffer.size());
        lost = true;
      }
      if (writeEnding == null || ending instanceof Ending.Reset) {
        writeEnding = ending;
      }
      readable.signal();
      writable.signal();
      stopTimers();
      receiveWindow.release(connection.growth());
    } finally {
      lock.unlock();
    }
  }

  /** How long the peer may still take, empty when the stream is not waiting for it to finish. */
  OptionalLong lingerNanos(long nowNanos) {
    lock.lock();
    try {
      return lingering && !peerFinished
          ? OptionalLong.of(Math.max(0, lingerUntilNanos - nowNanos))
          : OptionalLong.empty();
    } finally {
      lock.unlock();
    }
  }

  /** Looks whether both ends have finished, or this one alone, and draws the consequences. */
  private void settle() {
    boolean finished;
    boolean abandoned;
    lock.lock();
    try {
      finished = writeEnding instanceof Ending.Closed && peerFinished;
      abandoned =
          writeEnding instanceof Ending.Closed
              && readEnding instanceof Ending.Closed
              && !peerFinished
              && !lingering;
      if (abandoned) {
        lingering = true;
        lingerUntilNanos = connection.lingerDeadline();
      }
    } finally {
      lock.unlock();
    }
    if (finished) {
      connection.forget(this);
    } else if (abandoned) {
      connection.awaitPeer();
    }
  }

  /** Drops what waits to be read; the lock must be held. */
  private void dropReceived() {
    if (!lost) {
      connection.buffers().release(buffer.size());
    }
    buffer.clear();
    releaseIfDrained();
  }

  /** A window through which nothing more will come counts for as long as its bytes wait. */
  private void releaseIfDrained() {
    boolean over = peerFinished || readEnding instanceof Ending.Reset;
    if (over && buffer.isEmpty()) {
      receiveWindow.release(connection.growth());
    }
  }

  private void stopTimers() {
    readable.cancel();
    writable.cancel();
  }
}
