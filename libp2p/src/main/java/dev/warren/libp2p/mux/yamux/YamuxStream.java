package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.transport.MuxedStream;
import dev.warren.libp2p.transport.TimedCondition;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One stream: the half that sends, and what concerns both halves. {@link ReceivingHalf} is the
 * other.
 *
 * <p>Both halves share one lock, because a reset, the end of the connection and the end of the
 * stream are about both at once. It is held for moments only, never while anything is written to
 * the channel, since the reading thread takes it too. What is to be written is decided a second
 * time, under the connection's write lock, by the methods that {@link YamuxConnection} calls; so
 * what goes out always fits the state, and nothing follows a FIN or an RST.
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
  private final ReceivingHalf receiving;
  private final TimedCondition writable; // guarded by lock
  private final SendWindow sendWindow = new SendWindow(); // guarded by lock
  private @Nullable Ending writeEnding; // guarded by lock
  private boolean lingering; // guarded by lock
  private long lingerUntilNanos; // guarded by lock

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
    this.receiving =
        new ReceivingHalf(
            lock,
            connection.time(),
            connection.growth(),
            connection.buffers(),
            connection.spares());
    this.writable = new TimedCondition(lock, connection.time());
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
    int n = receiving.read(target, offset, length);
    if (receiving.isCreditDue()) {
      connection.sendCreditQuietly(this);
    }
    return n;
  }

  @Override
  public void awaitReadable() throws IOException {
    announce();
    receiving.awaitReadable();
  }

  @Override
  public int available() {
    return receiving.available();
  }

  /** Before waiting for the peer it has to hear of the stream, or that we have taken it. */
  private void announce() throws IOException {
    if (introduction != Introduction.NONE && receiving.wouldWait()) {
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
    receiving.close();
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
          || (writeEnding != null && receiving.isFinished())) {
        receiving.giveUp(ending);
        return false;
      }
      writeEnding = ending;
      writable.signal();
      writable.cancel();
      receiving.giveUp(ending);
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void setReadTimeout(Duration timeout) {
    receiving.setTimeout(timeout);
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

  ReceivingHalf receiving() {
    return receiving;
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
      receiving.finish();
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
      if (writeEnding == null || ending instanceof Ending.Reset) {
        writeEnding = ending;
      }
      writable.signal();
      writable.cancel();
      receiving.fail(ending);
    } finally {
      lock.unlock();
    }
  }

  /** How long the peer may still take, empty when the stream is not waiting for it to finish. */
  OptionalLong lingerNanos(long nowNanos) {
    lock.lock();
    try {
      return lingering && !receiving.isFinished()
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
      boolean closed = writeEnding instanceof Ending.Closed;
      finished = closed && receiving.isFinished();
      abandoned = closed && receiving.isClosed() && !finished && !lingering;
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
}
