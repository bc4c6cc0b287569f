package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.transport.TimeSource;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has one record stored with several peers at once. Whoever waits for it need not wait for the last
 * ones, who may never answer; they are given their time in the background.
 */
final class Storing {
  private static final Logger log = LoggerFactory.getLogger(Storing.class);

  /** Stores with one peer. */
  @FunctionalInterface
  interface Store {
    void with(Contact contact, Call call) throws IOException;
  }

  private final Store store;
  private final Semaphore permits;
  private final Membership members;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // All guarded by lock.
  private int asked;
  private int stored;
  private int failed;
  private boolean patienceOver;

  /**
   * @param permits for each peer that is at it
   */
  Storing(Store store, Semaphore permits, Membership members) {
    this.store = store;
    this.permits = permits;
    this.members = members;
  }

  /** Begins to store with these. */
  void begin(List<Contact> contacts) throws InterruptedIOException {
    for (Contact contact : contacts) {
      try {
        permits.acquire();
      } catch (InterruptedException e) {
        throw interrupted();
      }
      count(() -> asked++);
      Thread.ofVirtual()
          .name("dht-store")
          .start(
              () -> {
                try {
                  storeWith(contact);
                } finally {
                  permits.release();
                }
              });
    }
  }

  private void storeWith(Contact contact) {
    boolean done = false;
    try {
      store.with(contact, new Call());
      done = true;
    } catch (IOException e) {
      log.debug("{} does not keep a record: {}", contact.peer(), e.toString());
      members.failed(contact);
    } finally {
      boolean success = done;
      count(() -> stored += success ? 1 : 0);
      count(() -> failed += success ? 0 : 1);
    }
  }

  /**
   * Waits until so many have it, or until those who have neither stored nor refused it have had so
   * much time from now on that they most likely will not.
   */
  void await(int enough, TimeSource time, Duration patience) throws InterruptedIOException {
    lock.lock();
    try (var _ = time.after(patience, () -> count(() -> patienceOver = true))) {
      while (stored < enough && stored + failed < asked && !patienceOver) {
        changed.await();
      }
    } catch (InterruptedException e) {
      throw interrupted();
    } finally {
      lock.unlock();
    }
  }

  int stored() {
    lock.lock();
    try {
      return stored;
    } finally {
      lock.unlock();
    }
  }

  int asked() {
    lock.lock();
    try {
      return asked;
    } finally {
      lock.unlock();
    }
  }

  private void count(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("storing a record was interrupted");
  }
}
