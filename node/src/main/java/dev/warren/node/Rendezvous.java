package dev.warren.node;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Multiaddr;
import dev.warren.libp2p.nat.reachability.Reachability;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A place where peers find each other without having an address: the local network, or a
 * distributed table. What is found there proves nothing; whoever is there can say anything.
 */
interface Rendezvous extends AutoCloseable {
  /** Something that goes on until it is closed. */
  interface Ongoing extends AutoCloseable {
    @Override
    void close();
  }

  /** Is told of a peer that is said to be at these addresses; must not block. */
  @FunctionalInterface
  interface Listener {
    void found(PeerId peer, List<Multiaddr> addresses);
  }

  /** What it is called to people. */
  String name();

  /** Why it cannot be used at present, if so. */
  Optional<String> problem();

  /** How it stands with it. */
  default Connectivity.Place standing() {
    return new Connectivity.Place(name(), false, 0, "", problem());
  }

  /**
   * Lets this node be found under a key.
   *
   * @param done is told when it can be, where that takes time; must not block
   */
  Ongoing announce(byte[] key, Consumer<Announced> done);

  /** Looks for those who announced themselves under a key. */
  Ongoing find(byte[] key, Listener listener);

  /** Looks for a peer. */
  Ongoing find(PeerId peer, Listener listener);

  /** Meets peers that were not known before, where there are any; may block. */
  default void wander() {}

  /** Says how this node can be reached now; must not block. */
  default void reachable(Reachability now) {
    // From the local network it can.
  }

  @Override
  void close();
}
