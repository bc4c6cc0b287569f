package dev.warren.bench;

import dev.warren.interop.Implementation;
import dev.warren.interop.PeerException;
import dev.warren.interop.PeerProcess;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Two peers of each implementation, one that dials and one that listens. */
final class Peers implements AutoCloseable {
  private final Map<Implementation, PeerProcess> dialers = new EnumMap<>(Implementation.class);
  private final Map<Implementation, PeerProcess> listeners = new EnumMap<>(Implementation.class);

  private Peers() {}

  static Peers start(Set<Implementation> implementations) throws PeerException {
    var peers = new Peers();
    try {
      for (Implementation implementation : implementations) {
        peers.dialers.put(implementation, PeerProcess.start(implementation));
        peers.listeners.put(implementation, PeerProcess.start(implementation));
      }
      return peers;
    } catch (PeerException e) {
      peers.close();
      throw e;
    }
  }

  PeerPair pair(Implementation dialer, Implementation listener) {
    return new PeerPair(dialers.get(dialer), listeners.get(listener));
  }

  /** The versions of all implementations, and of the Java that runs ours. */
  String versions() {
    return dialers.values().stream()
            .map(peer -> peer.implementation().label() + " " + peer.version())
            .collect(Collectors.joining(", "))
        + ", Java "
        + Runtime.version();
  }

  @Override
  public void close() {
    dialers.values().forEach(PeerProcess::close);
    listeners.values().forEach(PeerProcess::close);
  }
}
