package dev.warren.node;

import dev.warren.libp2p.host.Host;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A place where the nodes of one process meet; each has a door of its own. */
final class MemoryRendezvous {
  private record Sighting(String key, PeerId peer, List<Multiaddr> addresses) {}

  private record Search(Predicate<Sighting> wanted, Rendezvous.Listener listener) {
    void tell(Sighting announced) {
      if (wanted.test(announced)) {
        listener.found(announced.peer(), announced.addresses());
      }
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final List<Sighting> announced = new ArrayList<>();
  private final List<Search> searches = new ArrayList<>();

  Rendezvous door(Host host) {
    return new Door(host);
  }

  /** Has somebody found under a key, whether they want to or not. */
  Rendezvous.Ongoing announce(byte[] key, PeerId peer, List<Multiaddr> addresses) {
    var news = new Sighting(HexFormat.of().formatHex(key), peer, addresses);
    lock.lock();
    try {
      announced.add(news);
      searches.forEach(search -> search.tell(news));
    } finally {
      lock.unlock();
    }
    return () -> {
      lock.lock();
      try {
        announced.remove(news);
      } finally {
        lock.unlock();
      }
    };
  }

  private Rendezvous.Ongoing find(Search search) {
    lock.lock();
    try {
      searches.add(search);
      announced.forEach(search::tell);
    } finally {
      lock.unlock();
    }
    return () -> {
      lock.lock();
      try {
        searches.remove(search);
      } finally {
        lock.unlock();
      }
    };
  }

  private final class Door implements Rendezvous {
    private final Host host;

    Door(Host host) {
      this.host = host;
    }

    @Override
    public String name() {
      return "memory";
    }

    @Override
    public Optional<String> problem() {
      return Optional.empty();
    }

    @Override
    public Ongoing announce(byte[] key, Consumer<Announced> done) {
      return MemoryRendezvous.this.announce(key, host.peerId(), host.addresses());
    }

    @Override
    public Ongoing find(byte[] key, Listener listener) {
      String wanted = HexFormat.of().formatHex(key);
      return MemoryRendezvous.this.find(
          new Search(announced -> announced.key().equals(wanted), listener));
    }

    @Override
    public Ongoing find(PeerId peer, Listener listener) {
      return MemoryRendezvous.this.find(
          new Search(announced -> announced.peer().equals(peer), listener));
    }

    @Override
    public void close() {}
  }
}
