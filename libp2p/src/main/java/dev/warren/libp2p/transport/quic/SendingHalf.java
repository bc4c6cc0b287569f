package dev.warren.libp2p.transport.quic;

import dev.warren.libp2p.transport.TimedCondition;
import dev.warren.libp2p.transport.quic.StreamEnding.Closed;
import dev.warren.libp2p.transport.quic.StreamEnding.Lost;
import dev.warren.libp2p.transport.quic.StreamEnding.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.StreamTable;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a stream sends to its peer. It is handed over to the codec in chunks, of which few may be
 * under way: the codec takes them as the peer's window and the network allow.
 *
 * <p>The codec takes a stream for complete, and forgets a FIN that is not sent yet or was lost,
 * when the peer has ended its half and all bytes have arrived. A FIN that comes with the last of
 * them is safe. So when the peer has ended its half, and the stream will most likely be closed
 * after the last write, the last chunk is held back for a moment. A FIN that is later has to wait,
 * without anybody waiting for it, until the bytes have most likely been acknowledged. One that goes
 * alone has to wait for the codec to take the last chunk in any case: it drops what it has not.
 */
final class SendingHalf {
  private static final int CHUNK_BYTES = 64 << 10;
  private static final int SMALL_CHUNK_BYTES = 4 << 10;
  private static final int MAX_UNDER_WAY_BYTES = 256 << 10;

  private final QuicStream stream;
  private final QuicConnection connection;
  private final QuicStreamChannel channel;
  private final ReentrantLock lock = new ReentrantLock();
  private final TimedCondition writable; // guarded by lock
  private int underWayBytes; // guarded by lock
  private boolean moreToCome; // a writer waits; guarded by lock
  private boolean finWritten; // guarded by lock
  private boolean finSent; // guarded by lock

  /** What whoever still writes is told, null while writing goes on; guarded by lock. */
  private @Nullable StreamEnding ending;

  private final Queue<ByteBuf> chunks = new ArrayDeque<>(); // owned by the event loop
  private long lastNanos; // when the last one came; owned by the event loop
  private long lastTakenNanos; // 0 before; owned by the event loop
  private long finWantedNanos; // 0 before; owned by the event loop
  private int finAsked; // owned by the event loop

  SendingHalf(QuicStream stream, QuicConnection connection, QuicStreamChannel channel) {
    this.stream = stream;
    this.connection = connection;
    this.channel = channel;
    this.writable = new TimedCondition(lock, connection.time());
  }

  // ---- the user's threads

  void write(byte[] source, int offset, int length) throws IOException {
    for (int done = 0; done < length; ) {
      int n = claim(length - done);
      handOver(source, offset + done, n);
      done += n;
    }
  }

  private void handOver(byte[] source, int offset, int length) throws IOException {
    ByteBuf chunk;
    try {
      chunk = channel.alloc().directBuffer(length);
    } catch (OutOfMemoryError e) {
      disclaim(length);
      throw new IOException("there is no memory for what is to be sent", e);
    }
    chunk.writeBytes(source, offset, length);
    if (!connection.onLoop(() -> send(chunk))) {
      chunk.release();
      disclaim(length);
      throw connection.lost();
    }
  }

  /** Waits until some of so many bytes may be sent, and returns how many. */
  private int claim(int bytes) throws IOException {
    lock.lock();
    try {
      long deadline = writable.deadline();
      while (true) {
        if (ending != null) {
          throw ending.told();
        }
        boolean room = connection.sending().hasRoom();
        int n = Math.min(bytes, room ? CHUNK_BYTES : SMALL_CHUNK_BYTES);
        // Without room each stream goes on by itself: none waits for others that nobody reads.
        if (underWayBytes == 0 || (room && underWayBytes + n <= MAX_UNDER_WAY_BYTES)) {
          underWayBytes += n;
          connection.sending().add(n);
          return n;
        }
        if (!moreToCome) {
          moreToCome = true;
          connection.onLoop(() -> connection.outgoing().add(this));
        }
        if (!writable.await(deadline)) {
          throw new SocketTimeoutException("the peer made no room in time");
        }
      }
    } finally {
      moreToCome = false;
      lock.unlock();
    }
  }

  private void disclaim(int bytes) {
    lock.lock();
    try {
      underWayBytes -= bytes;
      connection.sending().remove(bytes);
    } finally {
      lock.unlock();
    }
  }

  void close() throws IOException {
    lock.lock();
    try {
      if (finSent || ending instanceof Closed) {
        return;
      }
      if (ending != null) {
        throw ending.told();
      }
      end(Closed.INSTANCE);
    } finally {
      lock.unlock();
    }
    connection.onLoop(this::finish);
  }

  void setTimeout(Duration timeout) {
    lock.lock();
    try {
      writable.setTimeout(timeout);
    } finally {
      lock.unlock();
    }
  }

  // ---- all threads

  /** Ends writing, unless that has ended already. */
  void end(StreamEnding how) {
    lock.lock();
    try {
      if (ending == null) {
        ending = how;
      }
      writable.signal();
      writable.cancel();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends writing also where the FIN is still waiting.
   *
   * @return whether there was anything to give up
   */
  boolean reset(Reset how) {
    lock.lock();
    try {
      if (finSent || ending instanceof Reset) {
        return false;
      }
      end(how);
      ending = how;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether nothing more is handed to the codec. */
  boolean isOver() {
    lock.lock();
    try {
      return finSent || (ending != null && !(ending instanceof Closed));
    } finally {
      lock.unlock();
    }
  }

  // ---- the event loop

  private void send(ByteBuf chunk) {
    if (stream.isForgotten()) {
      disclaim(chunk.readableBytes());
      chunk.release();
      return;
    }
    chunks.add(chunk);
    lastNanos = System.nanoTime();
    connection.outgoing().add(this);
  }

  /** What has become of a turn to hand something to the codec. */
  enum Turn {
    PASSED,
    BLOCKED,
    NOTHING_LEFT
  }

  /** Hands one chunk to the codec, or of it what it takes. */
  Turn pass() {
    ByteBuf chunk = chunks.peek();
    if (chunk == null) {
      return Turn.NOTHING_LEFT;
    }
    boolean last = chunks.size() == 1;
    if (last && isHeld()) {
      connection.endings().lookAfter(this);
      return Turn.NOTHING_LEFT;
    }
    int bytes = chunk.readableBytes();
    boolean fin = last && isLast(bytes);
    try {
      int taken = StreamTable.send(channel, chunk, fin);
      chunk.skipBytes(taken);
      onTaken(taken, fin && taken == bytes);
    } catch (IOException e) {
      onFailed(e);
      return Turn.NOTHING_LEFT;
    }
    if (chunk.isReadable()) {
      return Turn.BLOCKED;
    }
    chunks.remove().release();
    if (chunks.isEmpty()) {
      finishIfClosed();
      return Turn.NOTHING_LEFT;
    }
    return Turn.PASSED;
  }

  /** Whether the last chunk waits, for a moment, for the FIN. */
  private boolean isHeld() {
    if (!stream.isAllReceived()
        || connection.isClosing()
        || System.nanoTime() - lastNanos >= Endings.HOLD_NANOS) {
      return false;
    }
    lock.lock();
    try {
      return ending == null && !moreToCome;
    } finally {
      lock.unlock();
    }
  }

  private boolean isLast(int bytes) {
    lock.lock();
    try {
      return ending instanceof Closed && underWayBytes == bytes;
    } finally {
      lock.unlock();
    }
  }

  private void onTaken(int bytes, boolean fin) {
    lastTakenNanos = System.nanoTime();
    lock.lock();
    try {
      disclaim(bytes);
      finWritten = fin;
      if (underWayBytes <= MAX_UNDER_WAY_BYTES / 2) {
        writable.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void onFailed(IOException cause) {
    boolean stopped = cause instanceof ChannelOutputShutdownException;
    end(stopped ? new Reset(0, true) : new Lost(connection));
    drop();
    stream.settle();
  }

  /**
   * Looks whether the last chunk has waited for long enough.
   *
   * @return whether it need not be looked after any more
   */
  boolean passHeld() {
    boolean over = chunks.isEmpty() || !isHeld();
    if (over) {
      connection.outgoing().add(this);
    }
    return over;
  }

  /** Drops what has not been handed over. */
  void drop() {
    chunks.forEach(
        chunk -> {
          disclaim(chunk.readableBytes());
          chunk.release();
        });
    chunks.clear();
  }

  private void finishIfClosed() {
    boolean closed;
    lock.lock();
    try {
      closed = ending instanceof Closed;
    } finally {
      lock.unlock();
    }
    if (closed) {
      finish();
    }
  }

  private void finish() {
    if (!chunks.isEmpty()) {
      connection.outgoing().add(this); // what was held back
    }
    if (!finish(false)) {
      connection.endings().await(this);
    }
  }

  /**
   * Sends the FIN, unless it has to wait.
   *
   * @param closing whether the connection is about to be closed, so that it waits for nothing but
   *     the bytes before it to be sent
   * @return whether there is nothing left to wait for
   */
  boolean finish(boolean closing) {
    boolean written;
    boolean last = stream.isAllReceived();
    lock.lock();
    try {
      if (stream.isForgotten() || finSent || !(ending instanceof Closed)) {
        return true;
      }
      if (finWantedNanos == 0) {
        finWantedNanos = System.nanoTime();
      }
      boolean alone = lastTakenNanos != 0 && !finWritten;
      if (underWayBytes > 0
          || (closing
              ? alone && StreamTable.isFull(channel)
              : alone
                  && last
                  && connection
                      .endings()
                      .isTooEarly(channel, lastTakenNanos, finWantedNanos, finAsked++))) {
        return false;
      }
      finSent = true;
      written = finWritten;
    } finally {
      lock.unlock();
    }
    if (!written) {
      connection.endings().send(channel.streamId(), last);
    }
    stream.settle();
    return true;
  }
}
