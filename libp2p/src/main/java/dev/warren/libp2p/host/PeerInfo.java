package dev.warren.libp2p.host;

import java.util.Set;

/**
 * What a peer has said of itself.
 *
 * @param agent the program and its version
 * @param protocolVersion the network it takes itself to be part of
 * @param protocols the protocols that it serves
 */
public record PeerInfo(String agent, String protocolVersion, Set<String> protocols) {
  public PeerInfo {
    protocols = Set.copyOf(protocols);
  }
}
