package dev.warren.protocols.transfer.serve;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.protocols.transfer.content.Subscription;
import dev.warren.protocols.transfer.session.Announcement;
import dev.warren.protocols.transfer.session.FollowEvent.Seed;
import dev.warren.protocols.transfer.session.TransferProtocol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The receivers of one share that serve it too, by their own word, as its sharer knows them: for as
 * long as they follow the share.
 */
final class Swarm {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Member, Seed> seeds = new LinkedHashMap<>(); // guarded by lock
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** One receiver that follows the share. */
  final class Member implements AutoCloseable {
    private final PeerId peer;

    private Member(PeerId peer) {
      this.peer = peer;
    }

    /** Takes its word; not when there are enough others. */
    void announce(Announcement said) {
      boolean changed;
      lock.lock();
      try {
        Seed before = seeds.get(this);
        if (!said.seeding()) {
          changed = seeds.remove(this) != null;
        } else if (before != null || seeds.size() < TransferProtocol.MAX_SEEDS) {
          seeds.put(this, new Seed(peer, said.addresses(), said.summary()));
          // What it holds grows all the time; to tell all the others each time would cost too much.
          changed = before == null || !before.addresses().equals(said.addresses());
        } else {
          changed = false;
        }
      } finally {
        lock.unlock();
      }
      if (changed) {
        listeners.forEach(Runnable::run);
      }
    }

    /** The others. */
    List<Seed> others() {
      List<Seed> others = new ArrayList<>();
      lock.lock();
      try {
        seeds.forEach(
            (member, seed) -> {
              if (!member.peer.equals(peer)) {
                others.add(seed);
              }
            });
      } finally {
        lock.unlock();
      }
      return others;
    }

    /** Has the action, which must not block, run when there are other seeds or addresses. */
    Subscription onChange(Runnable action) {
      listeners.add(action);
      return () -> listeners.remove(action);
    }

    @Override
    public void close() {
      announce(new Announcement(false, List.of(), new byte[0]));
    }
  }

  Member join(PeerId peer) {
    return new Member(peer);
  }
}
