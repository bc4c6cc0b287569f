package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.dht.routing.Key;
import dev.warren.libp2p.identity.PeerId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The nearest peers of the table, no more than k: connections to them are kept when others are
 * closed. They are asked for this node more than anybody is, and who is connected to it knows where
 * it is, server or not.
 */
final class Neighbours {
  private final Table table;
  private final Key self;
  private final Consumer<PeerId> keep;
  private final Consumer<PeerId> letGo;
  private final ReentrantLock lock = new ReentrantLock();

  // All guarded by lock.
  private Set<PeerId> kept = Set.of();
  private boolean closed;

  Neighbours(Table table, Key self, Consumer<PeerId> keep, Consumer<PeerId> letGo) {
    this.table = table;
    this.self = self;
    this.keep = keep;
    this.letGo = letGo;
  }

  /** The table may have changed. */
  void update() {
    lock.lock();
    try {
      Set<PeerId> now = new HashSet<>();
      for (Contact contact : closed ? List.<Contact>of() : table.closest(self, Dht.K)) {
        now.add(contact.peer());
      }
      now.stream().filter(peer -> !kept.contains(peer)).forEach(keep);
      kept.stream().filter(peer -> !now.contains(peer)).forEach(letGo);
      kept = now;
    } finally {
      lock.unlock();
    }
  }

  /** Nobody is kept from now on. */
  void close() {
    lock.lock();
    try {
      closed = true;
      update();
    } finally {
      lock.unlock();
    }
  }
}
