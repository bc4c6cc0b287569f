package dev.warren.protocols.transfer.serve;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.transport.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Who is here. A visit outlives its last stream for a while, unless the receiver has said that it
 * has everything: one that loses its connection comes back, and nobody is to be asked twice.
 */
final class Visits {
  static final Duration LINGER = Duration.ofSeconds(30);

  private record Key(ServedShare share, PeerId receiver) {}

  private static final class Counted {
    private final Visit visit;
    private int users;

    /** Rises with each return, so that a departure that is due late can tell. */
    private int returns;

    private Counted(Visit visit) {
      this.visit = visit;
    }
  }

  private final TimeSource time;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Key, Counted> here = new HashMap<>(); // guarded by lock

  Visits(TimeSource time) {
    this.time = time;
  }

  /** The visit of a receiver, to be left again. */
  Visit enter(ServedShare share, PeerId receiver) {
    lock.lock();
    try {
      Counted counted =
          here.computeIfAbsent(
              new Key(share, receiver), key -> new Counted(new Visit(share, receiver)));
      counted.users++;
      counted.returns++;
      return counted.visit;
    } finally {
      lock.unlock();
    }
  }

  void leave(Visit visit) {
    var key = new Key(visit.share(), visit.receiver());
    int returns;
    lock.lock();
    try {
      Counted counted = here.get(key);
      counted.users--;
      if (counted.users > 0) {
        return;
      }
      returns = counted.returns;
    } finally {
      lock.unlock();
    }
    if (visit.mayReturn()) {
      time.after(LINGER, () -> depart(key, returns));
    } else {
      depart(key, returns);
    }
  }

  /** Ends the visits of some, and their streams. */
  void end(Predicate<Visit> which) {
    List<Visit> ending = new ArrayList<>();
    lock.lock();
    try {
      for (Counted counted : here.values()) {
        if (which.test(counted.visit)) {
          ending.add(counted.visit);
          counted.users++; // so that it is left, and with that closed, below
        }
      }
    } finally {
      lock.unlock();
    }
    for (Visit visit : ending) {
      visit.end();
      leave(visit);
    }
  }

  private void depart(Key key, int returns) {
    Visit gone;
    lock.lock();
    try {
      Counted counted = here.get(key);
      if (counted == null || counted.users > 0 || counted.returns != returns) {
        return;
      }
      here.remove(key);
      gone = counted.visit;
    } finally {
      lock.unlock();
    }
    gone.close();
  }
}
