package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is known of other peers, bounded in every direction: the peers longest not asked for are
 * forgotten first, and so are the oldest addresses of a peer.
 */
public final class Peerstore {
  static final int MAX_PEERS = 10_000;
  static final int MAX_ADDRESSES_PER_PEER = 64;

  private static final class Entry {
    private final LinkedHashSet<Multiaddr> addresses = new LinkedHashSet<>();
    private @Nullable PeerInfo info;
  }

  private final ReentrantLock lock = new ReentrantLock();

  /** In order of use, guarded by lock. */
  private final Map<PeerId, Entry> peers = new LinkedHashMap<>(16, 0.75f, true);

  /** The addresses at which the peer may be reached, without its id; newest first. */
  public List<Multiaddr> addresses(PeerId peer) {
    lock.lock();
    try {
      Entry entry = peers.get(peer);
      return entry == null ? List.of() : List.copyOf(entry.addresses.reversed());
    } finally {
      lock.unlock();
    }
  }

  /** Adds addresses that somebody claims to be the peer's. */
  public void addAddresses(PeerId peer, Collection<Multiaddr> addresses) {
    lock.lock();
    try {
      Entry entry = entry(peer);
      for (Multiaddr address : addresses) {
        entry.addresses.addLast(address.withoutPeer());
        if (entry.addresses.size() > MAX_ADDRESSES_PER_PEER) {
          entry.addresses.removeFirst();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Replaces the addresses by those that the peer itself has given. */
  public void setAddresses(PeerId peer, Collection<Multiaddr> addresses) {
    lock.lock();
    try {
      entry(peer).addresses.clear();
      addAddresses(peer, addresses);
    } finally {
      lock.unlock();
    }
  }

  /** What the peer last said of itself. */
  public Optional<PeerInfo> info(PeerId peer) {
    lock.lock();
    try {
      Entry entry = peers.get(peer);
      return entry == null ? Optional.empty() : Optional.ofNullable(entry.info);
    } finally {
      lock.unlock();
    }
  }

  /** Remembers what the peer said of itself. */
  public void setInfo(PeerId peer, PeerInfo info) {
    lock.lock();
    try {
      entry(peer).info = info;
    } finally {
      lock.unlock();
    }
  }

  /** The peers of which anything is known. */
  public Set<PeerId> peers() {
    lock.lock();
    try {
      return Set.copyOf(peers.keySet());
    } finally {
      lock.unlock();
    }
  }

  private Entry entry(PeerId peer) {
    Entry entry = peers.computeIfAbsent(peer, _ -> new Entry());
    if (peers.size() > MAX_PEERS) {
      peers.remove(peers.keySet().iterator().next());
    }
    return entry;
  }
}
