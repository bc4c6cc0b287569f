package dev.warren.libp2p.transport.quic;

import dev.warren.libp2p.transport.MuxedStream;
import dev.warren.libp2p.transport.TimedCondition;
import dev.warren.libp2p.transport.quic.StreamEnding.Closed;
import dev.warren.libp2p.transport.quic.StreamEnding.Lost;
import dev.warren.libp2p.transport.quic.StreamEnding.Reset;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.socket.ChannelInputShutdownReadComplete;
import io.netty.channel.socket.ChannelOutputShutdownException;
import io.netty.handler.codec.quic.DefaultQuicStreamFrame;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.QuicStreamResetException;
import io.netty.handler.codec.quic.StreamTable;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One stream, blocking for those who use it and a handler for the event loop.
 *
 * <p>What arrives is fetched from the codec ahead of its reader, so that not every read is a visit
 * to the event loop, and so that a stream that nobody reads holds up no other, see {@link
 * QuicSettings#readAheadBytes}. The rest stays in the codec and holds back the peer. What is
 * written is handed over in chunks, of which few may be under way: the codec takes them as the
 * peer's window and the network allow.
 *
 * <p>The FIN goes with the last chunk where that is still here. One that goes alone has to wait,
 * without anybody waiting for it, until the last chunk has been taken, since the codec drops what
 * it has not. When the peer has ended its half it waits, too, until the peer has most likely
 * acknowledged the bytes: hearing that they have arrived the codec takes the stream for complete,
 * and forgets a FIN that is not sent yet or was lost.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails shows as the end of the stream
final class QuicStream extends ChannelInboundHandlerAdapter implements MuxedStream {
  private static final int CHUNK_BYTES = 64 << 10;
  private static final int SMALL_CHUNK_BYTES = 4 << 10;
  private static final int MAX_UNDER_WAY_BYTES = 256 << 10;

  /** What one fetch brings at most: two of the largest buffers. */
  private static final RecvByteBufAllocator FETCHED =
      new AdaptiveRecvByteBufAllocator(1 << 10, 4 << 10, CHUNK_BYTES).maxMessagesPerRead(2);

  private final QuicConnection connection;
  private final QuicStreamChannel channel;
  private final ReentrantLock lock = new ReentrantLock();
  private final TimedCondition readable; // guarded by lock
  private final TimedCondition writable; // guarded by lock
  private final ReceivedBytes received = new ReceivedBytes(); // guarded by lock
  private boolean counted = true; // what was received, by the connection; guarded by lock
  private boolean fetching; // guarded by lock
  private boolean finReceived; // guarded by lock
  private int underWayBytes; // guarded by lock
  private boolean finWritten; // guarded by lock
  private boolean finSent; // guarded by lock

  /** What whoever still reads is told, null while reading goes on; guarded by lock. */
  private @Nullable StreamEnding readEnding;

  /** What whoever still writes is told, null while writing goes on; guarded by lock. */
  private @Nullable StreamEnding writeEnding;

  private long lastTakenNanos; // 0 before; owned by the event loop
  private long finWantedNanos; // 0 before; owned by the event loop
  private boolean forgotten; // owned by the event loop

  QuicStream(QuicConnection connection, QuicStreamChannel channel) {
    this.connection = connection;
    this.channel = channel;
    this.readable = new TimedCondition(lock, connection.time());
    this.writable = new TimedCondition(lock, connection.time());
    channel.config().setAutoRead(false);
    channel.config().setRecvByteBufAllocator(FETCHED);
  }

  // ---- the user's threads

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, target.length);
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      awaitReadable();
      if (received.size() == 0) {
        if (readEnding != null) {
          throw readEnding.told();
        }
        return -1;
      }
      int n = received.take(target, offset, length);
      if (counted) {
        connection.received().remove(n);
      }
      if (received.size() < connection.readAheadBytes() / 2) {
        fetchAhead();
      }
      return n;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void awaitReadable() throws IOException {
    lock.lock();
    try {
      long deadline = readable.deadline();
      while (received.size() == 0 && readEnding == null && !finReceived) {
        fetch();
        if (!readable.await(deadline)) {
          throw new SocketTimeoutException("the peer sent nothing in time");
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void fetchAhead() {
    boolean room = received.size() < connection.readAheadBytes() && connection.received().hasRoom();
    if (room && readEnding == null && !finReceived) {
      fetch();
    }
  }

  private void fetch() {
    if (!fetching) {
      fetching = true;
      connection.onLoop(channel::read);
    }
  }

  @Override
  public int available() {
    lock.lock();
    try {
      return received.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, source.length);
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
        if (writeEnding != null) {
          throw writeEnding.told();
        }
        boolean room = connection.sending().hasRoom();
        int n = Math.min(bytes, room ? CHUNK_BYTES : SMALL_CHUNK_BYTES);
        // Without room each stream goes on by itself: none waits for others that nobody reads.
        if (underWayBytes == 0 || (room && underWayBytes + n <= MAX_UNDER_WAY_BYTES)) {
          underWayBytes += n;
          connection.sending().add(n);
          return n;
        }
        if (!writable.await(deadline)) {
          throw new SocketTimeoutException("the peer made no room in time");
        }
      }
    } finally {
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

  @Override
  public void closeWrite() throws IOException {
    lock.lock();
    try {
      if (finSent || writeEnding instanceof Closed) {
        return;
      }
      if (writeEnding != null) {
        throw writeEnding.told();
      }
      endWriting(Closed.INSTANCE);
    } finally {
      lock.unlock();
    }
    connection.onLoop(this::finish);
  }

  @Override
  public void closeRead() {
    boolean stop;
    lock.lock();
    try {
      stop = readEnding == null && !finReceived;
      endReading(Closed.INSTANCE);
    } finally {
      lock.unlock();
    }
    connection.onLoop(
        () -> {
          if (stop) {
            channel.shutdownInput(0);
          }
          settle();
        });
  }

  @Override
  public void close() {
    closeRead();
    try {
      closeWrite();
    } catch (IOException e) {
      // It has ended in another way: there is nothing left to close.
    }
  }

  @Override
  public void reset(long code) {
    int sent = Math.clamp(code, 0, Integer.MAX_VALUE);
    var ending = new Reset(sent, false);
    lock.lock();
    try {
      if (writeEnding instanceof Reset || (finSent && (finReceived || readEnding != null))) {
        endReading(ending);
        return; // it has ended already
      }
      endReading(ending);
      endWriting(ending);
      writeEnding = ending; // also of one whose FIN is still waiting
    } finally {
      lock.unlock();
    }
    connection.onLoop(
        () -> {
          channel.shutdown(sent);
          settle();
        });
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

  // ---- with the lock held

  private void endReading(StreamEnding ending) {
    if (readEnding == null) {
      readEnding = ending;
    }
    if (!(ending instanceof Lost)) { // what came before the connection was lost is still good
      uncount();
      received.clear();
    }
    readable.signal();
    readable.cancel();
  }

  private void uncount() {
    if (counted) {
      counted = false;
      connection.received().remove(received.size());
    }
  }

  private void endWriting(StreamEnding ending) {
    if (writeEnding == null) {
      writeEnding = ending;
    }
    writable.signal();
    writable.cancel();
  }

  // ---- the event loop

  @Override
  public void channelActive(ChannelHandlerContext context) {
    lock.lock();
    try {
      fetchAhead();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    lock.lock();
    try {
      if (readEnding != null || !bytes.isReadable()) {
        bytes.release();
        return;
      }
      connection.received().add(bytes.readableBytes());
      received.add(bytes);
      readable.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    lock.lock();
    try {
      fetching = false;
      fetchAhead();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownReadComplete.INSTANCE) {
      lock.lock();
      try {
        finReceived = true;
        readable.signal();
      } finally {
        lock.unlock();
      }
      settle();
    }
  }

  /** How a read fails. A peer that resets what it sends has given the whole stream up. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (cause instanceof QuicStreamResetException reset) {
      long code = reset.applicationProtocolCode();
      end(new Reset(code, true));
      channel.shutdownOutput(Math.clamp(code, 0, Integer.MAX_VALUE));
    } else {
      end(new Lost(connection));
    }
    settle();
  }

  private void end(StreamEnding ending) {
    lock.lock();
    try {
      if (!finReceived) {
        endReading(ending);
      }
      endWriting(ending);
    } finally {
      lock.unlock();
    }
  }

  private void send(ByteBuf chunk) {
    int bytes = chunk.readableBytes();
    if (StreamTable.isStopped(channel)) {
      chunk.release();
      onWritten(bytes, channel.newFailedFuture(new ChannelOutputShutdownException("stopped")));
    } else {
      Object message = isLast(bytes) ? new DefaultQuicStreamFrame(chunk, true) : chunk;
      channel.writeAndFlush(message).addListener(written -> onWritten(bytes, written));
    }
  }

  private boolean isLast(int bytes) {
    lock.lock();
    try {
      finWritten = writeEnding instanceof Closed && underWayBytes == bytes;
      return finWritten;
    } finally {
      lock.unlock();
    }
  }

  private void onWritten(int bytes, Future<?> written) {
    boolean finish;
    lock.lock();
    try {
      disclaim(bytes);
      if (written.isSuccess()) {
        lastTakenNanos = System.nanoTime();
        writable.signal();
      } else {
        boolean stopped = written.cause() instanceof ChannelOutputShutdownException;
        endWriting(stopped ? new Reset(0, true) : new Lost(connection));
      }
      finish = writeEnding != null && underWayBytes == 0;
    } finally {
      lock.unlock();
    }
    if (finish) {
      finish();
    }
  }

  private void finish() {
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
    boolean last;
    lock.lock();
    try {
      if (forgotten || finSent || !(writeEnding instanceof Closed)) {
        return true;
      }
      if (finWantedNanos == 0) {
        finWantedNanos = System.nanoTime();
      }
      boolean alone = lastTakenNanos != 0 && !finWritten;
      last = finReceived || readEnding != null;
      if (underWayBytes > 0
          || (closing
              ? alone && !StreamTable.hasRoom(channel)
              : alone
                  && last
                  && connection.endings().isTooEarly(channel, lastTakenNanos, finWantedNanos))) {
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
    settle();
    return true;
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(new Lost(connection));
    lock.lock();
    try {
      uncount();
      received.moveToHeap(); // whoever has the stream may never close it
    } finally {
      lock.unlock();
    }
    forget();
  }

  /** Forgets the stream when both halves have ended. */
  private void settle() {
    boolean over;
    lock.lock();
    try {
      over =
          (finReceived || readEnding != null)
              && (finSent || (writeEnding != null && !(writeEnding instanceof Closed)));
    } finally {
      lock.unlock();
    }
    if (over) {
      forget();
    }
  }

  private void forget() {
    if (!forgotten) {
      forgotten = true;
      channel.close(); // which repeats a FIN that went alone
      StreamTable.forget(channel);
      connection.forget();
    }
  }
}
