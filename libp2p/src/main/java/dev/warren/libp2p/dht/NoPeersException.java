package dev.warren.libp2p.dht;

import java.io.IOException;

/** There is nobody to ask. Trying again is safe, once there is. */
public final class NoPeersException extends IOException {
  private static final long serialVersionUID = 1;

  NoPeersException(String message) {
    super(message);
  }

  static NoPeersException of(String protocol) {
    return new NoPeersException("no peer of " + protocol + " is known; bootstrap from one that is");
  }
}
