package dev.warren.libp2p.multiformats;

/** A self-describing network address. */
public final class Multiaddr {
  private Multiaddr() {}
}
