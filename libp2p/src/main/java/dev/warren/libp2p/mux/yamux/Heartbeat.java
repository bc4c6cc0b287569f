package dev.warren.libp2p.mux.yamux;

import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Pings: they tell the round trip time, and whether the peer is still there.
 *
 * <p>At most one is under way, and whoever wants one meanwhile shares it. One is sent when the
 * first data arrives, since windows cannot grow before the round trip is known, and one in each
 * keepalive interval. When no answer comes in time and nothing else came either, the connection is
 * given up; while something does come, the answer may just be queued behind it. It is given up too
 * when the channel took nothing all that time, not even the ping: a peer that talks and does not
 * listen would hold every writer for ever.
 */
final class Heartbeat {

  /** What a heartbeat needs of its connection. */
  interface Connection {
    /** Sends the frame, calling {@code justBefore} when it is about to be written. */
    void sendPing(long value, Runnable justBefore) throws IOException;

    /** All bytes that have arrived so far. */
    long bytesRead();

    /** How often the channel has taken something so far. */
    long writes();

    /** The peer is gone. */
    void fail(IOException cause);
  }

  private final class Ping {
    final long value;
    final CountDownLatch done = new CountDownLatch(1);
    final long bytesReadBefore = connection.bytesRead();
    final long writesBefore = connection.writes();
    volatile long sentNanos = time.nanoTime();
    volatile long tookNanos;
    volatile @Nullable IOException failure;

    Ping(long value) {
      this.value = value;
    }
  }

  private final Connection connection;
  private final TimeSource time;
  private final Duration interval;
  private final Duration timeout;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Ping active; // guarded by lock
  private TimeSource.@Nullable Scheduled expiry; // of the active ping, guarded by lock
  private TimeSource.@Nullable Scheduled nextBeat; // guarded by lock
  private long nextValue; // guarded by lock
  private @Nullable IOException ended; // guarded by lock
  private boolean sampling; // owned by the reading thread
  private volatile long roundTripNanos; // written by the reading thread

  Heartbeat(Connection connection, TimeSource time, Duration interval, Duration timeout) {
    this.connection = connection;
    this.time = time;
    this.interval = interval;
    this.timeout = timeout;
  }

  /** Begins to ping at intervals. */
  void start() {
    lock.lock();
    try {
      if (ended == null) {
        nextBeat = time.after(interval, this::beat);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Stops, and ends the waiting for answers. */
  void end(IOException cause) {
    lock.lock();
    try {
      ended = cause;
      if (nextBeat != null) {
        nextBeat.cancel();
      }
      if (active != null) {
        settle(active, cause);
      }
    } finally {
      lock.unlock();
    }
  }

  /** The smoothed round trip time; 0 when not known yet. */
  long roundTripNanos() {
    return roundTripNanos;
  }

  /** Data has arrived; the reading thread says so and is not held up. */
  void onData() {
    if (!sampling) {
      sampling = true;
      Thread.ofVirtual().name("yamux-ping").start(this::sendQuietly);
    }
  }

  /** An answer has arrived; one that was not asked for, or comes too late, means nothing. */
  void onAnswer(long value) {
    lock.lock();
    try {
      Ping ping = active;
      if (ping == null || ping.value != value) {
        return;
      }
      ping.tookNanos = Math.max(1, time.nanoTime() - ping.sentNanos);
      roundTripNanos = roundTripNanos == 0 ? ping.tookNanos : (roundTripNanos + ping.tookNanos) / 2;
      settle(ping, null);
    } finally {
      lock.unlock();
    }
  }

  /** Measures one round trip. */
  Duration ping() throws IOException {
    Ping ping = send();
    try {
      ping.done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for an answer", e);
    }
    IOException failure = ping.failure;
    if (failure instanceof SocketTimeoutException) {
      throw new SocketTimeoutException(failure.getMessage());
    } else if (failure != null) {
      throw new Ending.Lost(failure).exception();
    }
    return Duration.ofNanos(ping.tookNanos);
  }

  private void beat() {
    start();
    sendQuietly();
  }

  private void sendQuietly() {
    try {
      send();
    } catch (IOException e) {
      // The connection has ended and whoever ended it knows why.
    }
  }

  /** Sends a ping unless one is under way. */
  private Ping send() throws IOException {
    Ping ping;
    lock.lock();
    try {
      if (ended != null) {
        throw new Ending.Lost(ended).exception();
      }
      if (active != null) {
        return active;
      }
      nextValue = (nextValue + 1) & FrameHeader.MAX_LENGTH;
      Ping next = new Ping(nextValue);
      // Before it is sent: sending may take for ever, and that is what the expiry is to find out.
      expiry = time.after(timeout, () -> expire(next));
      active = next;
      ping = next;
    } finally {
      lock.unlock();
    }
    connection.sendPing(ping.value, () -> ping.sentNanos = time.nanoTime());
    return ping;
  }

  private void expire(Ping ping) {
    lock.lock();
    try {
      if (ping != active) {
        return;
      }
      settle(ping, new SocketTimeoutException("no answer to a ping in " + timeout));
    } finally {
      lock.unlock();
    }
    if (connection.bytesRead() == ping.bytesReadBefore) {
      connection.fail(new KeepAliveException("the peer did not answer a ping in " + timeout));
    } else if (connection.writes() == ping.writesBefore) {
      connection.fail(new KeepAliveException("the peer took nothing that was sent in " + timeout));
    }
  }

  /** Ends the active ping; the lock must be held. */
  private void settle(Ping ping, @Nullable IOException failure) {
    active = null;
    if (expiry != null) {
      expiry.cancel();
      expiry = null;
    }
    ping.failure = failure;
    ping.done.countDown();
  }
}
