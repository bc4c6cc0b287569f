package dev.warren.libp2p.identity;

/** Contract to be filled in. */
public final class PublicKey {
  private PublicKey() {}
}
