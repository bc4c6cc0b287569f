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
