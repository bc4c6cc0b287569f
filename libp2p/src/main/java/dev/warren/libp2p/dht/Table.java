package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.dht.routing.RoutingTable;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;

/** The routing table for many threads. */
final class Table {
  private final ReentrantLock lock = new ReentrantLock();
  private final RoutingTable contacts; // guarded by lock

  Table(RoutingTable contacts) {
    this.contacts = contacts;
  }

  List<Contact> closest(Key target, int count) {
    return ask(table -> List.copyOf(table.closest(target, count)));
  }

  /**
   * Whom to begin a look-up with. A node that was cut off for a moment doubts everybody, and has
   * nobody better to ask.
   */
  List<Contact> seeds(Key target, int count) {
    List<Contact> expected = closest(target, count);
    return expected.isEmpty()
        ? ask(RoutingTable::contacts).stream()
            .sorted((one, other) -> target.compareDistances(one.key(), other.key()))
            .limit(count)
            .toList()
        : expected;
  }

  <T> T ask(Function<RoutingTable, T> question) {
    lock.lock();
    try {
      return question.apply(contacts);
    } finally {
      lock.unlock();
    }
  }

  void tell(Consumer<RoutingTable> change) {
    lock.lock();
    try {
      change.accept(contacts);
    } finally {
      lock.unlock();
    }
  }
}
