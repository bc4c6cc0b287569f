package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What is known of other peers, bounded in every direction: the peers longest not asked for are
 * forgotten first, those in use last, and so are the oldest addresses of a peer.
 */
public final class Peerstore {
  static final int MAX_PEERS = 10_000;
  static final int MAX_BYTES = 32 << 20;

  private final Predicate<PeerId> inUse;
  private final ReentrantLock lock = new ReentrantLock();

  /** In order of use, guarded by lock. */
  private final SequencedMap<PeerId, KnownPeer> peers = new LinkedHashMap<>(16, 0.75f, true);

  private int bytes; // guarded by lock

  /**
   * @param inUse tells the peers that others are forgotten before
   */
  Peerstore(Predicate<PeerId> inUse) {
    this.inUse = inUse;
  }

  /**
   * The addresses at which the peer may be reached, without its id: those that are kept, then
   * others, newest first.
   */
  public List<Multiaddr> addresses(PeerId peer) {
    return of(peer, KnownPeer::addresses).orElse(List.of());
  }

  /** Adds addresses that somebody claims to be the peer's. Those of other peers are left out. */
  public void addAddresses(PeerId peer, Collection<Multiaddr> addresses) {
    update(peer, known -> known.claim(addresses));
  }

  /** Adds addresses that are vouched for or have led to the peer: no claim replaces them. */
  public void keepAddresses(PeerId peer, Collection<Multiaddr> addresses) {
    update(peer, known -> known.keep(addresses));
  }

  /** Replaces what was claimed by the addresses that the peer itself has given. */
  public void setAddresses(PeerId peer, Collection<Multiaddr> addresses) {
    update(
        peer,
        known -> {
          known.forgetClaims();
          known.claim(addresses);
        });
  }

  /** Forgets everything about the peer. */
  public void forget(PeerId peer) {
    lock.lock();
    try {
      KnownPeer known = peers.remove(peer);
      if (known != null) {
        bytes -= known.bytes();
      }
    } finally {
      lock.unlock();
    }
  }

  /** What the peer last said of itself. */
  public Optional<PeerInfo> info(PeerId peer) {
    return of(peer, KnownPeer::info).flatMap(Function.identity());
  }

  /** Remembers what the peer said of itself. */
  public void setInfo(PeerId peer, PeerInfo info) {
    update(peer, known -> known.setInfo(info));
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

  private <T> Optional<T> of(PeerId peer, Function<KnownPeer, T> question) {
    lock.lock();
    try {
      return Optional.ofNullable(peers.get(peer)).map(question);
    } finally {
      lock.unlock();
    }
  }

  private void update(PeerId peer, Consumer<KnownPeer> change) {
    lock.lock();
    try {
      KnownPeer known = peers.computeIfAbsent(peer, KnownPeer::new);
      bytes -= known.bytes();
      change.accept(known);
      bytes += known.bytes();
      makeRoom();
    } finally {
      lock.unlock();
    }
  }

  private void makeRoom() {
    int spared = 0;
    while (peers.size() > MAX_PEERS || bytes > MAX_BYTES) {
      Map.Entry<PeerId, KnownPeer> oldest = peers.pollFirstEntry();
      if (inUse.test(oldest.getKey()) && spared <= peers.size()) {
        peers.putLast(oldest.getKey(), oldest.getValue());
        spared++;
      } else {
        bytes -= oldest.getValue().bytes();
      }
    }
  }
}
