package dev.warren.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * One connection through the {@link StreamDelayRelay}.
 *
 * <p>TCP's own handshake takes its time too, although the kernel completes it with the dialer at
 * once. The listener hears of the connection when the third part of the handshake would reach it.
 * What the dialer sends before it has heard anything comes one round trip earlier than it would
 * from afar, where it would still be waiting for the second part; so it is held for one round trip
 * more. What it sends later is an answer and comes at the right time by itself.
 *
 * <p>Platform threads that stay awake for the last moment: what they are late adds to every flight.
 */
final class DelayedConnection {
  private static final int CHUNK_BYTES = 64 << 10;
  private static final int MAX_CHUNKS = 1024;
  private static final long AWAKE_NANOS = 500_000;

  /** Bytes and when they are due; none when the sender has closed its side. */
  private record Chunk(ByteBuffer bytes, long dueNanos) {}

  private final SocketChannel dialer;
  private final long oneWayNanos;
  private final long startNanos = System.nanoTime();
  private final BlockingQueue<Chunk> toListener = new ArrayBlockingQueue<>(MAX_CHUNKS);
  private final BlockingQueue<Chunk> toDialer = new ArrayBlockingQueue<>(MAX_CHUNKS);
  private volatile boolean dialerHasHeard;

  DelayedConnection(SocketChannel dialer, long oneWayNanos) {
    this.dialer = dialer;
    this.oneWayNanos = oneWayNanos;
  }

  /** Carries bytes both ways until both have ended. */
  void run(InetSocketAddress target) {
    Thread.ofPlatform().daemon().start(() -> take(dialer, toListener));
    awaitTime(startNanos + 3 * oneWayNanos);
    try (dialer;
        SocketChannel listener = SocketChannel.open(target)) {
      dialer.setOption(StandardSocketOptions.TCP_NODELAY, true);
      listener.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Thread.ofPlatform().daemon().start(() -> take(listener, toDialer));
      Thread giving = Thread.ofPlatform().daemon().start(() -> give(toListener, listener));
      give(toDialer, dialer);
      giving.join();
    } catch (IOException e) {
      // An end has closed the connection, which is what the other one sees too.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(SocketChannel from, BlockingQueue<Chunk> queue) {
    boolean early = from == dialer;
    try {
      ByteBuffer bytes;
      do {
        bytes = ByteBuffer.allocate(CHUNK_BYTES);
        int n = endOrRead(from, bytes);
        long delay = early && !dialerHasHeard ? 3 * oneWayNanos : oneWayNanos;
        queue.put(
            new Chunk(n < 0 ? ByteBuffer.allocate(0) : bytes.flip(), System.nanoTime() + delay));
      } while (bytes.hasRemaining());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A connection that breaks ends here like one that is closed. */
  private static int endOrRead(SocketChannel from, ByteBuffer bytes) {
    try {
      return from.read(bytes);
    } catch (IOException e) {
      return -1;
    }
  }

  private void give(BlockingQueue<Chunk> queue, SocketChannel to) {
    try {
      while (true) {
        Chunk chunk = queue.take();
        awaitTime(chunk.dueNanos);
        if (!chunk.bytes.hasRemaining()) {
          to.shutdownOutput();
          return;
        }
        if (to == dialer) {
          dialerHasHeard = true;
        }
        while (chunk.bytes.hasRemaining()) {
          to.write(chunk.bytes);
        }
      }
    } catch (IOException e) {
      // It has gone; the other direction ends by itself.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static void awaitTime(long dueNanos) {
    for (long left; (left = dueNanos - System.nanoTime()) > 0; ) {
      if (left > AWAKE_NANOS) {
        LockSupport.parkNanos(left - AWAKE_NANOS);
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
