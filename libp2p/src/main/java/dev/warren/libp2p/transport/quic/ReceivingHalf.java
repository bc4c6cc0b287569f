package dev.warren.libp2p.transport.quic;

import dev.warren.libp2p.transport.TimedCondition;
import dev.warren.libp2p.transport.quic.StreamEnding.Lost;
import io.netty.buffer.ByteBuf;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.codec.quic.QuicStreamChannel;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What a stream gets from its peer.
 *
 * <p>What arrives is fetched from the codec ahead of its reader, so that not every read is a visit
 * to the event loop, and so that a stream that nobody reads holds up no other, see {@link
 * QuicSettings#readAheadBytes}. The rest stays in the codec and holds back the peer.
 */
final class ReceivingHalf {
  private static final int BUFFER_BYTES = 64 << 10;

  /** What one fetch brings at most: two of the largest buffers. */
  private static final RecvByteBufAllocator FETCHED =
      new AdaptiveRecvByteBufAllocator(1 << 10, 4 << 10, BUFFER_BYTES).maxMessagesPerRead(2);

  private final QuicConnection connection;
  private final QuicStreamChannel channel;
  private final ReentrantLock lock = new ReentrantLock();
  private final TimedCondition readable; // guarded by lock
  private final ReceivedBytes received = new ReceivedBytes(); // guarded by lock
  private boolean counted = true; // what was received, by the connection; guarded by lock
  private boolean fetching; // guarded by lock
  private boolean finReceived; // guarded by lock

  /** What whoever still reads is told, null while reading goes on; guarded by lock. */
  private @Nullable StreamEnding ending;

  ReceivingHalf(QuicConnection connection, QuicStreamChannel channel) {
    this.connection = connection;
    this.channel = channel;
    this.readable = new TimedCondition(lock, connection.time());
    channel.config().setAutoRead(false);
    channel.config().setRecvByteBufAllocator(FETCHED);
  }

  // ---- the user's threads

  int read(byte[] target, int offset, int length) throws IOException {
    lock.lock();
    try {
      awaitReadable();
      if (received.size() == 0) {
        if (ending != null) {
          throw ending.told();
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

  void awaitReadable() throws IOException {
    lock.lock();
    try {
      long deadline = readable.deadline();
      while (received.size() == 0 && !isOver()) {
        fetch();
        if (!readable.await(deadline)) {
          throw new SocketTimeoutException("the peer sent nothing in time");
        }
      }
    } finally {
      lock.unlock();
    }
  }

  int available() {
    lock.lock();
    try {
      return received.size();
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

  // ---- all threads

  /** Whether nothing more is taken from the codec. */
  boolean isOver() {
    lock.lock();
    try {
      return finReceived || ending != null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends reading, and drops what has not been read.
   *
   * @return whether the peer might send more
   */
  boolean end(StreamEnding how) {
    lock.lock();
    try {
      boolean going = !isOver();
      if (ending == null) {
        ending = how;
      }
      if (!(how instanceof Lost)) { // what came before the connection was lost is still good
        uncount();
        received.clear();
      }
      readable.signal();
      readable.cancel();
      return going;
    } finally {
      lock.unlock();
    }
  }

  /** Ends reading, unless all has arrived. */
  void fail(StreamEnding how) {
    lock.lock();
    try {
      if (!finReceived) {
        end(how);
      }
    } finally {
      lock.unlock();
    }
  }

  // ---- with the lock held

  private void fetchAhead() {
    if (mayFetchAhead()) {
      fetch();
    }
  }

  private boolean mayFetchAhead() {
    return received.size() < connection.readAheadBytes()
        && connection.received().hasRoom()
        && !isOver();
  }

  private void fetch() {
    if (!fetching) {
      fetching = true;
      connection.onLoop(channel::read);
    }
  }

  private void uncount() {
    if (counted) {
      counted = false;
      connection.received().remove(received.size());
    }
  }

  // ---- the event loop

  void onActive() {
    lock.lock();
    try {
      fetchAhead();
    } finally {
      lock.unlock();
    }
  }

  void onBytes(ByteBuf bytes) {
    lock.lock();
    try {
      if (ending != null || !bytes.isReadable()) {
        bytes.release();
        return;
      }
      connection.received().add(bytes.readableBytes());
      received.add(bytes);
    } finally {
      lock.unlock();
    }
  }

  void onFetched() {
    lock.lock();
    try {
      fetching = false;
    } finally {
      lock.unlock();
    }
    connection.fetches().add(this);
  }

  /** Fetches what else has come, and wakes whoever waits for it. */
  void visit() {
    while (isToFetch()) {
      channel.read();
    }
    lock.lock();
    try {
      readable.signal();
    } finally {
      lock.unlock();
    }
  }

  private boolean isToFetch() {
    lock.lock();
    try {
      boolean fetch = !fetching && mayFetchAhead();
      fetching |= fetch;
      return fetch;
    } finally {
      lock.unlock();
    }
  }

  void onFin() {
    lock.lock();
    try {
      finReceived = true;
      readable.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Leaves what is there to whoever has the stream, and may never close it. */
  void onGone() {
    lock.lock();
    try {
      uncount();
      received.moveToHeap();
    } finally {
      lock.unlock();
    }
  }
}
