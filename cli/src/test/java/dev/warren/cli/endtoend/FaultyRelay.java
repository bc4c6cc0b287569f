package dev.warren.cli.endtoend;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Stands between a receiver and the sharer. What is to happen in the middle of a transfer happens
 * when so many bytes have come from the sharer, and nothing passes meanwhile: the middle is met
 * however fast the machine is.
 */
final class FaultyRelay implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;

  private record Due(long carriedBytes, Runnable action) {}

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  /** Held while bytes from the sharer pass, and while something happens. */
  private final ReentrantLock passing = new ReentrantLock();

  // Guarded by passing.
  private final Queue<Due> due =
      new PriorityQueue<>((a, b) -> Long.compare(a.carriedBytes, b.carriedBytes));
  private long carriedBytes;
  private boolean corrupting;

  private FaultyRelay(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  static FaultyRelay to(int target) throws IOException {
    var relay = new FaultyRelay(new ServerSocket(0, 50, local()), target);
    Thread.ofPlatform().daemon().name("relay").start(relay::accept);
    return relay;
  }

  private static InetAddress local() {
    return InetAddress.getLoopbackAddress();
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Has something happen when so many bytes have come from the sharer, over all connections. */
  void when(long bytes, Runnable action) {
    passing.lock();
    try {
      due.add(new Due(bytes, action));
    } finally {
      passing.unlock();
    }
  }

  /** Ends all connections. */
  void cut() {
    sockets.forEach(FaultyRelay::close);
  }

  /** Changes a bit of what passes next. */
  void corrupt() {
    passing.lock();
    try {
      corrupting = true;
    } finally {
      passing.unlock();
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    cut();
  }

  private void accept() {
    try {
      while (true) {
        Socket receiver = listener.accept();
        Thread.ofPlatform().daemon().name("relay").start(() -> carry(receiver));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void carry(Socket receiver) {
    try (receiver;
        Socket sharer = new Socket(local(), target)) {
      sharer.setReceiveBufferSize(BUFFER_BYTES);
      receiver.setSendBufferSize(BUFFER_BYTES);
      sockets.addAll(Set.of(receiver, sharer));
      Thread up = Thread.ofPlatform().daemon().name("relay").start(() -> up(receiver, sharer));
      down(sharer, receiver);
      up.join();
    } catch (IOException e) {
      // As for any connection: nobody is there, or it has ended.
    } catch (InterruptedException e) {
      throw new AssertionError("nobody knows this thread", e);
    } finally {
      sockets.remove(receiver);
    }
  }

  private static void up(Socket receiver, Socket sharer) {
    try {
      receiver.getInputStream().transferTo(sharer.getOutputStream());
    } catch (IOException e) {
      // The other direction ends too.
    } finally {
      close(receiver);
      close(sharer);
    }
  }

  private void down(Socket sharer, Socket receiver) throws IOException {
    try (sharer;
        receiver) {
      InputStream in = sharer.getInputStream();
      OutputStream out = receiver.getOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        pass(buffer, count);
        out.write(buffer, 0, count);
      }
    } finally {
      sockets.remove(sharer);
    }
  }

  private void pass(byte[] buffer, int count) {
    passing.lock();
    try {
      carriedBytes += count;
      for (Due next = due.peek();
          next != null && next.carriedBytes <= carriedBytes;
          next = due.peek()) {
        due.remove();
        next.action.run();
      }
      if (corrupting) {
        corrupting = false;
        buffer[count / 2] ^= 1;
      }
    } finally {
      passing.unlock();
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // Then it is closed as well.
    }
  }
}
