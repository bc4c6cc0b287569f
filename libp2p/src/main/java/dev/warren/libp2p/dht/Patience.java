package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.lookup.ResponseTimes;
import java.util.concurrent.locks.ReentrantLock;

/** How long answers take, apart for peers with a connection and peers that have to be dialed. */
final class Patience {
  private final ReentrantLock lock = new ReentrantLock();

  // Both guarded by lock.
  private final ResponseTimes connected = new ResponseTimes();
  private final ResponseTimes dialed = new ResponseTimes();

  void observe(boolean wasConnected, long nanos) {
    lock.lock();
    try {
      of(wasConnected).observe(nanos);
    } finally {
      lock.unlock();
    }
  }

  long nanos(boolean isConnected) {
    lock.lock();
    try {
      return of(isConnected).patienceNanos();
    } finally {
      lock.unlock();
    }
  }

  private ResponseTimes of(boolean isConnected) {
    return isConnected ? connected : dialed;
  }
}
