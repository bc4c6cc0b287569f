package dev.warren.libp2p.dht;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;

/** Those who provide something, each told of once. Belongs to the thread that looks for them. */
final class ProviderSearch {
  private static final int MAX_ADDRESSES = 32;

  private final int limit;
  private final Consumer<Contact> each;
  private final SequencedMap<PeerId, Contact> providers = new LinkedHashMap<>();

  ProviderSearch(int limit, Consumer<Contact> each) {
    this.limit = limit;
    this.each = each;
  }

  void found(Contact provider) {
    Contact known = providers.get(provider.peer());
    if (known == null && !isOver()) {
      providers.put(provider.peer(), provider);
      each.accept(provider);
    } else if (known != null) {
      Set<Multiaddr> all = new LinkedHashSet<>(known.addresses());
      all.addAll(provider.addresses());
      providers.put(provider.peer(), known.at(all.stream().limit(MAX_ADDRESSES).toList()));
    }
  }

  boolean isOver() {
    return providers.size() >= limit;
  }

  List<Contact> providers() {
    return List.copyOf(providers.values());
  }
}
