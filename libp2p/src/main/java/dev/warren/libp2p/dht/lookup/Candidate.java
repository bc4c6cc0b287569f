package dev.warren.libp2p.dht.lookup;

import dev.warren.libp2p.dht.routing.Contact;
import dev.warren.libp2p.multiformats.Multiaddr;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Somebody who was named in a look-up, and how far it has come with them. */
final class Candidate {
  /** Ours to dial: what many peers claim of one must not keep us dialing. */
  private static final int MAX_ADDRESSES = 32;

  enum State {
    HEARD,
    ASKED,
    SLOW,
    ANSWERED,
    FAILED;

    boolean isAlive() {
      return this != SLOW && this != FAILED;
    }
  }

  /** How many had to answer before this one was named. */
  final int hops;

  Contact contact;
  State state = State.HEARD;

  /** Whose question it is or was; what the answer names belongs there. */
  @Nullable Path asker;

  long slowAtNanos;
  long lateAtNanos;

  Candidate(Contact contact, int hops) {
    this.contact = contact;
    this.hops = hops;
  }

  /** Others may know where the peer is when the first to name it did not. */
  void learn(Contact other) {
    if (state != State.HEARD || contact.addresses().equals(other.addresses())) {
      return;
    }
    Set<Multiaddr> all = new LinkedHashSet<>(contact.addresses());
    all.addAll(other.addresses());
    contact = contact.at(all.stream().limit(MAX_ADDRESSES).toList());
  }
}
