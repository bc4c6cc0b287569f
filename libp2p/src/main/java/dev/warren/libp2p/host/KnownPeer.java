package dev.warren.libp2p.host;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one peer, bounded; the peerstore's lock guards it.
 *
 * <p>What is vouched for and what has led to the peer is kept apart from what somebody claims: a
 * peer often does not know all addresses at which it can be reached.
 */
final class KnownPeer {
  static final int MAX_CLAIMED = 64;
  static final int MAX_KEPT = 32;
  static final int MAX_ADDRESS_BYTES = 32 << 10;
  static final int MAX_INFO_BYTES = 32 << 10;

  /** What an object in a set takes beside its bytes, about. */
  private static final int OBJECT_BYTES = 96;

  private final PeerId id;

  // Both from the oldest to the newest.
  private final SequencedSet<Multiaddr> claimed = new LinkedHashSet<>();
  private final SequencedSet<Multiaddr> kept = new LinkedHashSet<>();

  private int addressBytes;
  private int infoBytes;
  private @Nullable PeerInfo info;

  KnownPeer(PeerId peer) {
    id = peer;
  }

  /** Those that are kept, then those that are claimed; newest first. */
  List<Multiaddr> addresses() {
    var all = new ArrayList<Multiaddr>(kept.reversed());
    all.addAll(claimed.reversed());
    return List.copyOf(all);
  }

  void claim(Collection<Multiaddr> addresses) {
    usable(addresses)
        .filter(address -> !kept.contains(address))
        .forEach(address -> add(claimed, address, MAX_CLAIMED));
  }

  void forgetClaims() {
    while (!claimed.isEmpty()) {
      removeOldest(claimed);
    }
  }

  void keep(Collection<Multiaddr> addresses) {
    usable(addresses)
        .forEach(
            address -> {
              remove(claimed, address);
              add(kept, address, MAX_KEPT);
            });
  }

  Optional<PeerInfo> info() {
    return Optional.ofNullable(info);
  }

  /** Of more protocols than there is room for, some are left out. */
  void setInfo(PeerInfo whole) {
    int bytes = bytes(whole.agent()) + bytes(whole.protocolVersion());
    Set<String> protocols = new HashSet<>();
    for (String protocol : whole.protocols()) {
      if (bytes + bytes(protocol) <= MAX_INFO_BYTES) {
        protocols.add(protocol);
        bytes += bytes(protocol);
      }
    }
    info = new PeerInfo(whole.agent(), whole.protocolVersion(), protocols);
    infoBytes = bytes;
  }

  /** What is known takes so much memory, about. */
  int bytes() {
    return addressBytes + infoBytes;
  }

  /** Without the id. An id alone is of no use, and neither is what leads to another peer. */
  private Stream<Multiaddr> usable(Collection<Multiaddr> addresses) {
    String own = id.toString();
    return addresses.stream()
        .filter(address -> address.peer().map(own::equals).orElse(true))
        .map(Multiaddr::withoutPeer)
        .filter(address -> !address.isEmpty());
  }

  private void add(SequencedSet<Multiaddr> to, Multiaddr address, int max) {
    remove(to, address);
    to.add(address);
    addressBytes += bytes(address);
    if (to.size() > max) {
      removeOldest(to);
    }
    while (addressBytes > MAX_ADDRESS_BYTES) {
      removeOldest(claimed.isEmpty() ? kept : claimed);
    }
  }

  private void removeOldest(SequencedSet<Multiaddr> from) {
    addressBytes -= bytes(from.removeFirst());
  }

  private void remove(SequencedSet<Multiaddr> from, Multiaddr address) {
    if (from.remove(address)) {
      addressBytes -= bytes(address);
    }
  }

  private static int bytes(Multiaddr address) {
    return OBJECT_BYTES + address.toBytes().length;
  }

  private static int bytes(String text) {
    return OBJECT_BYTES + 2 * text.length();
  }
}
