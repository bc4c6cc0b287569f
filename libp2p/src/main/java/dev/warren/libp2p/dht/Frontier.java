package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;

/** Who has been heard of in a crawl, and who of them comes next. Belongs to one thread. */
final class Frontier {
  private static final int MAX_ADDRESSES = 32;

  private final int maxPeers;
  private final Set<PeerId> heard = new HashSet<>();

  /** Those who have not been visited, in the order in which they were heard of. */
  private final SequencedMap<PeerId, Set<Multiaddr>> waiting = new LinkedHashMap<>();

  private boolean complete = true;

  /**
   * @param self is never visited
   * @param maxPeers since one that lies can name any number
   */
  Frontier(PeerId self, int maxPeers) {
    this.maxPeers = maxPeers;
    heard.add(self);
  }

  void hear(Contact contact) {
    PeerId peer = contact.peer();
    if (!heard.contains(peer)) {
      if (heard.size() > maxPeers) {
        complete = false;
        return;
      }
      heard.add(peer);
      waiting.put(peer, new LinkedHashSet<>());
    }
    Set<Multiaddr> addresses = waiting.get(peer);
    if (addresses != null) { // which of them are stale is not known, so all are tried
      contact.addresses().stream()
          .limit(Math.max(0, MAX_ADDRESSES - addresses.size()))
          .forEach(addresses::add);
    }
  }

  Optional<Contact> next() {
    return Optional.ofNullable(waiting.pollFirstEntry()).map(Frontier::contact);
  }

  private static Contact contact(Map.Entry<PeerId, Set<Multiaddr>> entry) {
    return Contact.of(entry.getKey(), List.copyOf(entry.getValue()));
  }

  /** Whether there was room for all who have been heard of. */
  boolean isComplete() {
    return complete;
  }
}
