package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.host.Connection;
import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.host.Stream;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One conversation with one peer, which can be given up from another thread at any moment. */
final class Call {
  private final ReentrantLock lock = new ReentrantLock();

  // All guarded by lock.
  private boolean cancelled;
  private @Nullable Thread dialing;
  private @Nullable Stream stream;

  /** Connects to the peer, or returns the connection that there is. */
  Connection connect(Host host, Contact contact) throws IOException {
    begin();
    try {
      return host.dial(contact.peer(), contact.addresses());
    } finally {
      end();
    }
  }

  /** Opens a stream that ends with this call. */
  Stream open(Connection connection, String protocol) throws IOException {
    Stream opened = connection.open(protocol);
    lock.lock();
    try {
      stream = opened;
      if (cancelled) {
        opened.reset(0);
        throw givenUp();
      }
      return opened;
    } finally {
      lock.unlock();
    }
  }

  /** Gives it up. */
  void cancel() {
    lock.lock();
    try {
      cancelled = true;
      if (dialing != null) {
        dialing.interrupt(); // which is safe during a dial only
      }
      if (stream != null) {
        stream.reset(0);
      }
    } finally {
      lock.unlock();
    }
  }

  boolean isCancelled() {
    lock.lock();
    try {
      return cancelled;
    } finally {
      lock.unlock();
    }
  }

  private void begin() throws IOException {
    lock.lock();
    try {
      if (cancelled) {
        throw givenUp();
      }
      dialing = Thread.currentThread();
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      dialing = null;
      if (cancelled) {
        boolean _ = Thread.interrupted(); // it was for the dial, and has done its work
      }
    } finally {
      lock.unlock();
    }
  }

  private static IOException givenUp() {
    return new IOException("the call was given up");
  }
}
