package dev.warren.bench;

import dev.warren.interop.Implementation;
import dev.warren.interop.PeerException;
import dev.warren.interop.PeerProcess;
import dev.warren.interop.Transport;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Two peers of each implementation, one that dials and one that listens. */
final class Peers implements AutoCloseable {
  private final Map<Implementation, PeerProcess> dialers = new EnumMap<>(Implementation.class);
  private final Map<Implementation, PeerProcess> listeners = new EnumMap<>(Implementation.class);

  private Peers() {}

  /** Starts peers that listen on the transport, and so dial each other over it. */
  static Peers start(Set<Implementation> implementations, Transport transport)
      throws PeerException {
    var peers = new Peers();
    try {
      for (Implementation implementation : implementations) {
        peers.dialers.put(implementation, start(implementation, transport));
        peers.listeners.put(implementation, start(implementation, transport));
      }
      return peers;
    } catch (PeerException e) {
      peers.close();
      throw e;
    }
  }

  private static PeerProcess start(Implementation implementation, Transport transport)
      throws PeerException {
    return PeerProcess.start(implementation, "--listen", transport.anyPort());
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
